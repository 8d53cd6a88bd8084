// The name under which a checkpoint of the user's is installed: its own, and of where it is, as others may have the same. So it is
// the same in each form, and when a stopped conversion goes on; and none of the catalogue's, under which a repair would put
// Google's weights in the place of the user's.

import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { checkpointName } from "../../text/checkpointName";
import { slug } from "../../text/slug";

export function checkpointId(checkpoint: string, platform = process.platform): string {
  const path = resolve(checkpoint);
  // However it was typed: Windows makes no difference between capitals and small letters.
  const place = platform === "win32" ? path.toLowerCase() : path;
  const hash = createHash("sha256").update(place).digest("hex").slice(0, 6);
  return `${slug(checkpointName(path)) || "model"}-${hash}`;
}

// The hash of a file's content, in the form in which a hub names it.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHash } from "./hub";

/** In hexadecimal: of the first `bytes` bytes of the file at `path`, as `hash` is made. Throws the signal's reason. */
export async function hashFile(path: string, hash: FileHash, bytes: number, signal: AbortSignal): Promise<string> {
  const content = createHash(hash.type === "sha256" ? "sha256" : "sha1");
  // Git puts the kind and the length before the content.
  if (hash.type === "gitBlob") content.update(`blob ${bytes}\0`);
  if (bytes > 0) {
    for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 2 ** 20, signal })) {
      content.update(chunk as Buffer);
    }
  }
  return content.digest("hex");
}

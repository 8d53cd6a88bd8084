// The name under which a checkpoint of the user's is installed: its own, unless that stands for another one.

import { createHash } from "node:crypto";
import { checkpointName } from "../../text/checkpointName";
import { slug } from "../../text/slug";
import { CATALOGUE } from "./catalogue";
import { isSameFolder } from "./modelsFolder";

/** Which checkpoint each name was given to. */
export type KnownCheckpoints = Readonly<Record<string, string>>;

/**
 * @param known of the names whose models, or halves of them, are still here
 * @param isTaken whether there is a folder of this name, which may be another program's where `known` does not have it
 */
export function checkpointId(checkpoint: string, known: KnownCheckpoints, isTaken: (id: string) => boolean): string {
  const name = slug(checkpointName(checkpoint));
  // Under a name of the catalogue's a repair would put Google's weights in the place of the user's.
  const id = CATALOGUE.some((model) => model.id === name) ? `${name}-own` : name;
  const owner = known[id];
  const isFree = owner === undefined ? !isTaken(id) : isSameFolder(owner, checkpoint);
  if (id !== "" && isFree) return id;
  const hash = createHash("sha256").update(checkpoint).digest("hex").slice(0, 6);
  return `${id || "model"}-${hash}`;
}

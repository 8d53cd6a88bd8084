// Whether a file of a checkpoint is a link to something that is no part of it. The hub's cache is made of links: each file of a
// snapshot leads to `blobs`, beside the snapshots of the same repository.

import { basename, dirname, join } from "node:path";
import { realPath } from "../../machine/realPath";
import { insideOf } from "../files/insideOf";

export async function leadsOut(checkpointDir: string, name: string): Promise<boolean> {
  const [folder, file] = await Promise.all([realPath(checkpointDir), realPath(join(checkpointDir, name))]);
  const snapshots = dirname(folder);
  const places = basename(snapshots) === "snapshots" ? [folder, join(dirname(snapshots), "blobs")] : [folder];
  return places.every((place) => insideOf(place, file) === undefined);
}

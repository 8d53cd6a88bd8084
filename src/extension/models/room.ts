// What an installation still takes on the disk. What an earlier attempt has left is there already.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { conversionOf } from "../../engine/modelFolder";
import { Fault } from "./faults";
import { bytesIn, freeDiskBytes, type ModelsFolder } from "./modelsFolder";

export interface Planned {
  /** Of the checkpoint, and where it is fetched to. */
  readonly downloadBytes: number;
  readonly download: string;
  /** Of the model, and where it will be. */
  readonly storedBytes: number;
  readonly target: string;
}

/** @param allocated bytes that the files of a folder take on the disk */
export async function roomNeeded(
  { downloadBytes, download, storedBytes, target }: Planned,
  allocated = allocatedBytesIn,
): Promise<number> {
  const missing = downloadBytes - (await bytesIn(download));
  const unwritten = storedBytes - (await allocated(conversionOf(target)));
  return Math.max(0, missing) + Math.max(0, unwritten);
}

/** Throws a Fault before anything is fetched that would have no room. */
export async function refuseWithoutRoom(models: ModelsFolder, planned: Planned): Promise<void> {
  const neededBytes = await roomNeeded(planned);
  const freeBytes = await freeDiskBytes(models.root);
  if (neededBytes > freeBytes) throw new Fault("noRoom", { neededBytes, freeBytes });
}

/** A conversion's files have their full length from the beginning, and on most systems take no room before they are written. */
async function allocatedBytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const blocks = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.blocks),
  );
  return blocks.reduce<number>((sum, count) => sum + (count ?? 0) * 512, 0);
}

// What grows on the disk, and the room that there is for it.

import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

/** What still has to be written of things that grow there. */
export function bytesToCome(...things: readonly { readonly planned: number; readonly present: number }[]): number {
  return things.reduce((sum, { planned, present }) => sum + Math.max(0, planned - present), 0);
}

/**
 * What the files of a folder without folders take on the disk. A conversion's files have their full length from the beginning:
 * on most systems they take no room before they are written, on Windows at once.
 */
export async function allocatedBytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const blocks = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.blocks),
  );
  return blocks.reduce<number>((sum, count) => sum + (count ?? 0) * 512, 0);
}

/** Free for this user on the disk of `folder`, or of its nearest ancestor that exists. */
export async function freeDiskBytes(folder: string): Promise<number> {
  for (let path = folder; ; path = join(path, "..")) {
    const found = await statfs(path).catch(() => undefined);
    if (found) return found.bavail * found.bsize;
    if (path === join(path, "..")) return Number.POSITIVE_INFINITY;
  }
}

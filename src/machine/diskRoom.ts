// What grows on the disk, and the room that there is for it.

import type { Stats } from "node:fs";
import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

/** What still has to be written of things that grow there. */
export function bytesToCome(...things: readonly { readonly planned: number; readonly present: number }[]): number {
  return things.reduce((sum, { planned, present }) => sum + Math.max(0, planned - present), 0);
}

/** Sizes of the files in a folder. */
export function bytesIn(folder: string): Promise<number> {
  return sumIn(folder, ({ size }) => size);
}

/**
 * What the files of a folder take on the disk. A conversion's files have their full length from the beginning:
 * on most systems they take no room before they are written, on Windows at once.
 */
export function allocatedBytesIn(folder: string): Promise<number> {
  return sumIn(folder, ({ blocks }) => blocks * 512);
}

/** Free for this user on the disk of `folder`, or of its nearest ancestor that exists. */
export async function freeDiskBytes(folder: string): Promise<number> {
  for (let path = folder; ; path = join(path, "..")) {
    const found = await statfs(path).catch(() => undefined);
    if (found) return found.bavail * found.bsize;
    if (path === join(path, "..")) return Number.POSITIVE_INFINITY;
  }
}

/** The sum over all that is there, also in folders of it, as a calibration that was killed leaves one: files may go meanwhile. */
async function sumIn(folder: string, of: (file: Stats) => number): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return found.reduce((sum, file) => sum + (file?.isFile() ? of(file) : 0), 0);
}

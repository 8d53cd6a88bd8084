// Folders that get their names when they are complete. Until then they have the number of the process that fills them.

import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./isAlive.mjs";

/**
 * Also removes what processes have left that were killed meanwhile.
 * @param {string} folder
 * @param {(partial: string) => Promise<unknown>} fill
 */
export async function makeWhole(folder, fill) {
  await removeAbandoned(folder);
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was faster: its work is as good
  }
}

/** @param {string} folder */
async function removeAbandoned(folder) {
  const start = `${basename(folder)}.`;
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    const pid = name.startsWith(start) ? Number(name.slice(start.length)) : Number.NaN;
    // In a container, the process before this one may have had its number.
    const isAbandoned = pid > 0 && (pid === process.pid || !isAlive(pid));
    if (isAbandoned) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

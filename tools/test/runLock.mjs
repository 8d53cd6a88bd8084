// One `npm test` at a time in a clone: each empties the folder of results, and builds into the same dist/.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isAlive } from "../setUp/isAlive.mjs";

/**
 * Takes the lock until this process ends. One whose holder has died is nobody's.
 * @param {string} file
 * @returns {Promise<number | undefined>} the process that holds it, if that is another one
 */
export async function takeRunLock(file) {
  await mkdir(dirname(file), { recursive: true });
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return undefined;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) return holder;
    await rm(file, { force: true });
  }
}

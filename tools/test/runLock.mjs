// One `npm test` at a time in a clone: each empties the folder of results, and builds into the same dist/.

import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isAlive } from "../setUp/isAlive.mjs";

const TOUCH_MS = 5_000;
/** Many touches: a number alone would not do, as the system gives it to another process in time. */
const STALE_MS = 120_000;

/**
 * Takes the lock until this process ends, and touches it. One whose holder has died, or has not touched it for long, is nobody's.
 * @param {string} file
 * @returns {Promise<string | undefined>} who holds it, if that is another process
 */
export async function takeRunLock(file) {
  await mkdir(dirname(file), { recursive: true });
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      setInterval(() => utimes(file, new Date(), new Date()).catch(() => {}), TOUCH_MS).unref();
      return undefined;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const other = await holderOf(file);
    if (other !== undefined) return other;
    await rm(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {Promise<string | undefined>}
 */
async function holderOf(file) {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs > STALE_MS) return undefined;
  const text = await readFile(file, "utf8").catch(() => undefined);
  // It is there before its content is.
  if (text === "") return "a process that has just begun";
  const pid = Number(text);
  return pid > 0 && pid !== process.pid && isAlive(pid) ? `process ${pid}` : undefined;
}

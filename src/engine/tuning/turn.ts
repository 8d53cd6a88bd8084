// One window at a time measures or tries something: side by side, each would find the machine slower than it is, and what is found
// is kept for months. The turn is a file with the process's id.

import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../../machine/processes";

/** Longer than the trials of all providers take: by then another process may have that id. */
const LONGEST_MS = 3_600_000;
/** A full disk takes the file and not the id. */
const WRITING_MS = 10_000;

/** Does `work` unless another process does some in that folder. @returns whether it was done */
export async function inTurn(folder: string, work: () => Promise<void>): Promise<boolean> {
  const path = join(folder, "measuring");
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) {
    if (await isHeld(path, Date.now() - found.mtimeMs)) return false;
    await rm(path, { force: true }).catch(() => {});
  }
  if ((await take(folder, path)) === "EEXIST") return false;
  try {
    await work();
  } finally {
    // One that stays is nobody's as soon as this process has ended.
    await rm(path, { force: true }).catch(() => {});
  }
  return true;
}

/** Why it could not be noted. Where nothing can be written, nobody else can either, and what is found is not kept. */
async function take(folder: string, path: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, String(process.pid), { flag: "wx" });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Whether its process is still at it, as far as can be told. */
async function isHeld(path: string, ageMs: number): Promise<boolean> {
  if (ageMs > LONGEST_MS) return false;
  const pid = Number(await readFile(path, "utf8").catch(() => ""));
  return pid === 0 ? ageMs < WRITING_MS : pid !== process.pid && isAlive(pid);
}

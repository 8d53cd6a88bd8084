// What a process is doing, seen from outside.

import { readFile } from "node:fs/promises";
import { isAlive } from "../../src/machine/processes";

/** Not so one that has ended and that nobody has asked about: where process 1 does not (in some containers), it stays in the list. */
export async function isRunning(pid: number): Promise<boolean> {
  return isAlive(pid) && (await stateOf(pid)) !== "Z";
}

/** The letter of `ps`, on Linux; undefined elsewhere, and for a process that is not there. */
export async function stateOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name of the program, in brackets, may hold anything.
  return /.*\) (\S)/s.exec(stat)?.[1];
}

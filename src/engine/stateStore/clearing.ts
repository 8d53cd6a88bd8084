// Removes every saved state. It needs no model, so that a user can also do it where none loads.

import { join } from "node:path";
import type { LogLevel } from "../../protocol/engine";
import { isPointerName } from "./latestPointers";
import { codeOf, type Files, parseUnfinished } from "./wholeFile";

export interface Clearing {
  /** Files in it that are not the store's are left alone. It need not be there. */
  readonly folder: string;
  readonly files: Pick<Files, "readdir" | "stat" | "unlink">;
  readonly log: (level: LogLevel, message: string) => void;
}

const STATE_NAME = /^[0-9a-f]{64}\.state$/;

export function isStateName(name: string): boolean {
  return STATE_NAME.test(name);
}

/**
 * Removes the states of any model and what belongs to them, also while engines work in the folder: those that have a state
 * keep it in memory, and what one of them is saving at the moment is not saved.
 * @returns the bytes that were freed; the log says what could not be removed
 */
export async function clearStateFolder({ folder, files, log }: Clearing): Promise<number> {
  let freed = 0;
  for (const name of await files.readdir(folder).catch(() => [])) {
    const isOurs = isStateName(name) || isPointerName(name) || parseUnfinished(name) !== undefined;
    if (!isOurs) continue;
    const path = join(folder, name);
    const bytes = (await files.stat(path).catch(() => undefined))?.size ?? 0;
    if (await removed(() => files.unlink(path), log)) freed += bytes;
  }
  return freed;
}

/** Whether `remove` has removed a file. If not, the log says why, unless somebody else was faster. */
export async function removed(remove: () => Promise<void>, log: Clearing["log"]): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    // Another window may have been faster.
    if (codeOf(error) !== "ENOENT") log("warn", `A saved state cannot be removed: ${(error as Error).message}.`);
    return false;
  }
}

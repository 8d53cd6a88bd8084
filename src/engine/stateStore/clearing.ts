// Removes saved states, all or those of some workspace folders. It needs no model, so that a user can also do it where none loads.

import { join } from "node:path";
import { codeOf, type Files, parseUnfinished } from "../../machine/wholeFile";
import type { ClearedStates, LogLevel } from "../../protocol/engine";
import { isPointerName } from "./latestPointers";
import { ownFiles } from "./ownFiles";

export interface Clearing {
  /** Files in it that are not the store's are left alone. It need not be there. */
  readonly folder: string;
  readonly files: Files;
  readonly log: (level: LogLevel, message: string) => void;
  /** Absolute paths: only what was read for these goes, and what cannot be read. Absent: everything. */
  readonly workspaceFolders?: readonly string[] | undefined;
}

const STATE_NAME = /^[0-9a-f]{64}\.state$/;

export function isStateName(name: string): boolean {
  return STATE_NAME.test(name);
}

/**
 * Removes the states of any model and what belongs to them, also while engines work in the folder: those that have a state
 * keep it in memory, and what one of them is saving at the moment is not saved.
 * The log says of each file why it could not be removed.
 */
export async function clearStateFolder({ folder, files, log, workspaceFolders }: Clearing): Promise<ClearedStates> {
  let names: string[];
  try {
    names = await files.readdir(folder);
  } catch (error) {
    return codeOf(error) === "ENOENT" ? { bytes: 0 } : { bytes: 0, problem: unreadable(folder, error) };
  }
  const all = names.filter(isOurs);
  const meant = workspaceFolders === undefined ? all : await ownFiles(all, workspaceFolders, { folder, files });
  let bytes = 0;
  let left = 0;
  for (const name of meant) {
    const path = join(folder, name);
    const size = (await files.stat(path).catch(() => undefined))?.size ?? 0;
    const removal = await removing(() => files.unlink(path), log);
    if (removal === "removed") bytes += size;
    if (removal === "failed") left++;
  }
  return left === 0 ? { bytes } : { bytes, problem: undeleted(folder, left) };
}

function isOurs(name: string): boolean {
  return isStateName(name) || isPointerName(name) || parseUnfinished(name) !== undefined;
}

/** What became of an attempt to remove a file; `gone`: somebody else was faster. If it has failed, the log says why. */
export async function removing(
  remove: () => Promise<void>,
  log: Clearing["log"],
): Promise<"removed" | "gone" | "failed"> {
  try {
    await remove();
    return "removed";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "gone";
    log("warn", `A saved state cannot be removed: ${(error as Error).message}.`);
    return "failed";
  }
}

function unreadable(folder: string, error: unknown): string {
  return `${folder} cannot be read (${codeOf(error)}), so what is saved there stays. Allow it, then clear again.`;
}

function undeleted(folder: string, count: number): string {
  const files = count === 1 ? "1 file" : `${count} files`;
  return (
    `${files} in ${folder} could not be removed. Allow writing there, end other programs that use it, and clear again; ` +
    "or delete what is in it yourself."
  );
}

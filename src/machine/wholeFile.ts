// Files that are there whole or not at all, whenever the process or the machine stops.
//
// A file is written under a temporary name, made safe on the disk, and renamed. What a killed process leaves behind has
// the process's id in its name, so that others can tell it from work in progress.

import { randomBytes } from "node:crypto";
import * as nodeFiles from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./processes";
import { renamePatiently } from "./renamePatiently";
import { syncFolder } from "./syncFolder";

/** What is used of node:fs/promises; tests give one with a full disk. */
export type Files = Pick<
  typeof nodeFiles,
  "mkdir" | "open" | "readdir" | "readFile" | "rename" | "stat" | "unlink" | "utimes"
>;

/** `tmp`: being written; `removed`: on its way out. */
export type UnfinishedKind = "tmp" | "removed";

/** An unfinished file older than this belongs to nobody, whatever process has its id by now. */
const OLDEST_UNFINISHED_MS = 3_600_000;
const UNFINISHED = /^(?<finished>.+)\.(?<pid>\d+)\.[0-9a-f]{8}\.(?<kind>tmp|removed)$/;

/** Writes `parts` one after the other; only the user may read the file. On failure nothing is left behind. */
export async function writeWhole(
  path: string,
  parts: readonly Uint8Array[],
  files: Pick<Files, "open" | "rename" | "unlink"> = nodeFiles,
): Promise<void> {
  const temporary = unfinishedName(path, "tmp");
  try {
    const file = await files.open(temporary, "wx", 0o600);
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await renamePatiently(temporary, path, { rename: files.rename });
  } catch (error) {
    await files.unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path), files);
}

/** A name beside `path` that no other process uses. */
export function unfinishedName(path: string, kind: UnfinishedKind): string {
  return `${path}.${process.pid}.${randomBytes(4).toString("hex")}.${kind}`;
}

/** What the name of an unfinished file says; undefined for any other name. */
export function parseUnfinished(name: string): { finished: string; pid: number; kind: UnfinishedKind } | undefined {
  const found = UNFINISHED.exec(name)?.groups;
  return found && { finished: found.finished!, pid: Number(found.pid), kind: found.kind as UnfinishedKind };
}

/** Removes what dead processes have left behind of `path`. Never rejects. */
export async function removeAbandoned(path: string): Promise<void> {
  for (const name of await nodeFiles.readdir(dirname(path)).catch(() => [])) {
    const unfinished = parseUnfinished(name);
    if (unfinished?.finished !== basename(path)) continue;
    const left = join(dirname(path), name);
    const found = await nodeFiles.stat(left).catch(() => undefined);
    if (found && isAbandoned(unfinished.pid, found.mtimeMs)) await nodeFiles.unlink(left).catch(() => {});
  }
}

/** Whether the process that began the file is gone. A wrong answer costs that process a repetition, no more. */
export function isAbandoned(pid: number, modifiedMs: number): boolean {
  return Date.now() - modifiedMs > OLDEST_UNFINISHED_MS || !isAlive(pid);
}

/** What the system calls a failure: `ENOSPC`, for example. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

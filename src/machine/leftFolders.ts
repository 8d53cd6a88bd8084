// Temporary folders of ours that a process left behind which was killed.

import type { Stats } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Removes those whose name matches `pattern` and of which `isLeft` says that nobody uses them. */
export async function removeLeftFolders(
  pattern: RegExp,
  isLeft: (match: RegExpExecArray, found: Stats) => boolean,
): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const match = pattern.exec(name);
    if (match === null) continue;
    const path = join(tmpdir(), name);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || !isOwn(found) || !isLeft(match, found)) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

/** A folder, no link to one, that this user may write and nobody else: what others put there may change while it is removed. */
function isOwn(found: Stats): boolean {
  if (!found.isDirectory()) return false;
  // Windows knows neither; its temporary folder is the user's alone.
  if (process.getuid === undefined) return true;
  return found.uid === process.getuid() && (found.mode & 0o022) === 0;
}

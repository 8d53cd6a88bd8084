// Where a repository begins, and its ignore files that lie outside the work tree. Runs no git.

import { lstat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { realPath } from "../../machine/realPath";
import { isPassing, type Refusal } from "./refusal";
import { refusalOfError, safeRead } from "./safeRead";

/** The nearest folder at or above that is a repository's top, or may be one because it cannot be read now. */
export async function findTop(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const common = await commonFolder(at);
    if ("path" in common || isPassing(common.refused)) return at;
    if (dirname(at) === at) return undefined;
  }
}

type Found = { readonly path: string } | { readonly refused: Refusal };

/**
 * The folder with `info/exclude` for the work tree whose top is `top`: of a linked work tree, the main one's. Refused where no
 * repository begins, or while that cannot be told.
 */
export async function commonFolder(top: string): Promise<Found> {
  const folder = await gitFolder(top);
  if ("refused" in folder) return folder;
  const head = await safeRead(join(folder.path, "HEAD"), MAX_BYTES);
  if ("refused" in head) return head;
  const common = await readLine(join(folder.path, "commondir"));
  if ("line" in common) return { path: resolve(folder.path, common.line) };
  return isPassing(common.refused) ? common : folder;
}

/** Git's own folder of the work tree whose top is `top`, with its HEAD. */
export async function gitFolder(top: string): Promise<Found> {
  const dotGit = join(top, ".git");
  try {
    if (!(await lstat(dotGit)).isFile()) {
      // A link to the folder is a repository for git, too.
      return { path: await realPath(dotGit) };
    }
  } catch (error) {
    return { refused: refusalOfError(error) };
  }
  // A `.git` file says where the folder is.
  const read = await readLine(dotGit);
  if ("refused" in read) return read;
  const start = "gitdir: ";
  return read.line.startsWith(start) ? { path: resolve(top, read.line.slice(start.length)) } : { refused: "notAFile" };
}

const MAX_BYTES = 4096;

async function readLine(path: string): Promise<{ readonly line: string } | { readonly refused: Refusal }> {
  const read = await safeRead(path, MAX_BYTES);
  return "refused" in read ? read : { line: read.bytes.toString("utf8").split(/\r?\n/, 1)[0]! };
}

// Where a repository begins, and its ignore files that lie outside the work tree. Runs no git.

import { lstat, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { safeRead } from "./safeRead";

/** The work tree's top folder at or above `folder`, if it is in one. */
export async function findTop(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await commonFolder(at)) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** The folder with `info/exclude` for the work tree whose top is `top`: of a linked work tree, the main one's. */
export async function commonFolder(top: string): Promise<string | undefined> {
  const dotGit = join(top, ".git");
  const isFolder = await lstat(dotGit).then(
    (stat) => (stat.isSymbolicLink() ? undefined : stat.isDirectory()),
    () => undefined,
  );
  // A link to the folder is a repository for git, too.
  const folder = isFolder === false ? await linkedFolder(top, dotGit) : await realpath(dotGit).catch(() => undefined);
  if (!folder || "refused" in (await safeRead(join(folder, "HEAD"), MAX_BYTES))) return undefined;
  const common = await readLine(join(folder, "commondir"));
  return common === undefined ? folder : resolve(folder, common);
}

/** A `.git` file says where the folder is. */
async function linkedFolder(top: string, dotGit: string): Promise<string | undefined> {
  const line = await readLine(dotGit);
  return line?.startsWith("gitdir: ") ? resolve(top, line.slice("gitdir: ".length)) : undefined;
}

const MAX_BYTES = 4096;

async function readLine(path: string): Promise<string | undefined> {
  const read = await safeRead(path, MAX_BYTES);
  return "refused" in read ? undefined : read.bytes.toString("utf8").split(/\r?\n/, 1)[0]!;
}

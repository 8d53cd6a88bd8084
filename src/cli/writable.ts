// Whether what a command is to write can be written: asked before the work, which takes minutes or hours.

import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Throws the system's error, or a sentence, where no such file could be written. */
export async function checkFile(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const found = await statOf(path);
  if (found === undefined) await checkHolder(path);
  else if (found.isDirectory()) throw systemError("EISDIR", path);
  else await checkAccess(path);
}

/** The same for a file that is written beside the one of this name, which it then replaces. */
export async function checkReplaced(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  if ((await statOf(path))?.isDirectory()) throw systemError("EISDIR", path);
  await checkHolder(path);
}

/** The same for a folder that is made, with those above it, where it is not there yet. */
export async function checkFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  await checkAccess(await folderFor(path));
}

/** The same for such a folder that may also be read only: whoever cannot write there does without. */
export async function checkFolderName(path: string | undefined): Promise<void> {
  if (path !== undefined) await folderFor(path);
}

/** The folder, or else the one that it would be made in. */
async function folderFor(path: string): Promise<string> {
  let folder = resolve(path);
  while (folder !== dirname(folder) && (await statOf(folder)) === undefined) folder = dirname(folder);
  await checkIsFolder(folder);
  return folder;
}

async function checkHolder(path: string): Promise<void> {
  const holder = dirname(resolve(path));
  await checkIsFolder(holder);
  await checkAccess(holder);
}

async function checkIsFolder(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) throw systemError("ENOTDIR", path);
}

async function checkAccess(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    throw new Error(`${path} is not writable. Check its permissions.`, { cause: error });
  }
}

/** Undefined when it is not there, or cannot be because a file is in its way. */
function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

/** As the system would throw it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(code), { code, path });
}

// Whether what a command is to write can be written: asked before the work, which takes minutes or hours.

import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Throws the system's error where no such file could be written. */
export async function checkFile(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const found = await statOf(path);
  if (found === undefined) await checkIsFolder(dirname(resolve(path)));
  else if (found.isDirectory()) throw systemError("EISDIR", path);
  else await access(path, constants.W_OK);
}

/** The same for a folder that is made, with those above it, where it is not there yet. */
export async function checkFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  let folder = resolve(path);
  while (folder !== dirname(folder) && (await statOf(folder)) === undefined) folder = dirname(folder);
  await checkIsFolder(folder);
}

async function checkIsFolder(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) throw systemError("ENOTDIR", path);
  await access(path, constants.W_OK);
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

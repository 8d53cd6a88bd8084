// What a command is to read: when it is not there, or is something else, the error names it.

import { access, constants, readFile, stat } from "node:fs/promises";
import { systemError } from "./writable";

/** As readFile, whose error does not name a folder that is read as a file. */
export async function readInput(file: string): Promise<Buffer> {
  await checkInput(file);
  return readFile(file);
}

/** Reads a text by `parse`, whose errors then name the file. */
export async function parseInput<T>(file: string, parse: (text: string) => T): Promise<T> {
  const text = String(await readInput(file));
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Throws the system's error where there is no file to read; before other work, which takes minutes. */
export async function checkInput(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  if ((await stat(file)).isDirectory()) throw systemError("EISDIR", file);
  await access(file, constants.R_OK);
}

/** The same for a folder. */
export async function checkInputFolder(folder: string): Promise<void> {
  if (!(await stat(folder)).isDirectory()) throw systemError("ENOTDIR", folder);
  await access(folder, constants.R_OK | constants.X_OK);
}

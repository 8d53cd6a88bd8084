// What the forms of `griffin eval` read: files of one JSON object a line.

import { readInput } from "../readable";

/** Reads a file by `parse`, whose errors then name the file. */
export async function readLines<T>(file: string, parse: (text: string) => T): Promise<T> {
  const text = String(await readInput(file));
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

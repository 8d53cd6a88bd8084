// Open files that behave as on a disk that is full, or that takes only a part of what is written.

import { open } from "node:fs/promises";
import { withReplaced } from "./replaced";

type Method = (...args: never[]) => unknown;

/** Runs `work` while `name` of every open file does what `substitute` makes of it. */
export async function withFileMethod<T>(
  name: "write" | "writeFile",
  substitute: (original: Method) => Method,
  work: () => Promise<T>,
): Promise<T> {
  const file = await open(__filename);
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  return withReplaced(prototype, { [name]: substitute(prototype[name]) }, work);
}

// Open files that behave as on a disk that is full, or that takes only a part of what is written.

import { open } from "node:fs/promises";

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
  const original = prototype[name];
  prototype[name] = substitute(original);
  try {
    return await work();
  } finally {
    prototype[name] = original;
  }
}

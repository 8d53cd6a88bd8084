// What the system says of a file that it cannot read or write, in a sentence that names the file: mostly a disk that has gone.

import { isDiskFull } from "../../machine/diskFull";

/** Keeps the system's code. Any other error stays as it is. */
export function fileFault(error: unknown, path: string, done: "read" | "written"): Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error as Error;
  return Object.assign(new Error(`${path} cannot be ${done} (${code}). ${nextStep(error)}`, { cause: error }), {
    code,
  });
}

function nextStep(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (isDiskFull(error)) return "Its disk is full: free some space.";
  if (code === "EROFS") return "Its disk has become read-only: check it.";
  return ["EACCES", "EPERM"].includes(code) ? "Check its permissions." : "Is its disk still connected?";
}

/** Whether `fileFault` has made it of what the system said. */
export function isFileFault(error: unknown): boolean {
  const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
  return cause?.syscall !== undefined;
}

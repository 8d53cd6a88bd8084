// What the system says of a file that it cannot read or write, in a sentence that names the file: mostly a disk that has gone.

/** Keeps the system's code. Any other error stays as it is. */
export function fileFault(error: unknown, path: string, done: "read" | "written"): Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error as Error;
  const next = code === "EACCES" || code === "EPERM" ? "Check its permissions." : "Is its disk still connected?";
  return Object.assign(new Error(`${path} cannot be ${done} (${code}). ${next}`, { cause: error }), { code });
}

/** Whether `fileFault` has made it of what the system said. */
export function isFileFault(error: unknown): boolean {
  const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
  return cause?.syscall !== undefined;
}

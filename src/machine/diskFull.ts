// Whether a failure means that nothing more fits on the disk: then what was done so far is worth keeping.

/** @param error of a file system's call; also of one in a thread, if its code came along */
export function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === "ENOSPC" || code === "EDQUOT";
}

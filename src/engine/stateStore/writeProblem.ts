// Says in a sentence or two why a state is not on disk.

import { isDiskFull } from "../../machine/diskFull";
import { codeOf } from "../../machine/wholeFile";

export function writeProblem(folder: string, error: unknown): string {
  return `What the model has read cannot be saved: ${reasonOf(folder, error)} Until then it is read again at each start.`;
}

/** @param path of the file that was to be written for elsewhere */
export function exportProblem(path: string, error: unknown): string {
  const reason = isDiskFull(error) ? "its disk is full. Make room there" : (error as Error).message;
  return `The state cannot be exported to ${path}: ${reason}.`;
}

function reasonOf(folder: string, error: unknown): string {
  if (isDiskFull(error)) return `the disk of ${folder} is full. Make room there.`;
  switch (codeOf(error)) {
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return `${folder} may not be written. Allow it, or choose another folder.`;
    case "ENOENT":
      return `${folder} was removed or emptied meanwhile. The next save makes it again.`;
    default:
      return `writing to ${folder} failed (${(error as Error).message}). Check the disk.`;
  }
}

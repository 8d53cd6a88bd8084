// The order in which the model reads files: what has not been changed for longest comes first, so that an edit leaves
// most of what was read before it as it is.

import { sortedInSlices } from "../slices";
import { CommitHistory } from "./commitHistory";
import type { HistoryOptions } from "./commitTimes";
import type { SourceFile } from "./listFiles";

/**
 * By the time of the last commit, then by path; files that were never committed come by the time of their last change.
 * The same files, history and settings give the same order; where the history is so long that git is ended by the time-out,
 * how far it came is the machine's.
 * @param history what was known of it before
 */
export async function orderByStability<File extends Pick<SourceFile, "path" | "modifiedMs">>(
  root: string,
  files: readonly File[],
  options: HistoryOptions = {},
  history = new CommitHistory(),
): Promise<File[]> {
  const commits = await history.times(
    root,
    files.map((file) => file.path),
    options,
  );
  const timeOf = (file: File): number => {
    const seconds = commits?.seconds.get(file.path);
    if (seconds !== undefined) return seconds;
    // Older than all that was looked at: stable enough to be first.
    if (commits && !commits.complete) return 0;
    return Math.floor(file.modifiedMs / 1000);
  };
  const timed = files.map((file) => ({ file, time: timeOf(file) }));
  const sorted = await sortedInSlices(timed, (a, b) => a.time - b.time || (a.file.path < b.file.path ? -1 : 1));
  return sorted.map(({ file }) => file);
}

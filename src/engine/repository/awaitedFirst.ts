// Files one after the other, as they are given, but for those that somebody waits for by the time.

import { posix } from "node:path";

/** With a file come so many of those beside it. */
const MOST_BESIDE = 30;

/** @param awaited paths of files that somebody waits for; taken out as their turn comes, also where they are not among `files` */
export function* awaitedFirst<File extends { readonly path: string }>(
  files: readonly File[],
  awaited: Set<string>,
): Generator<File> {
  const given = new Set<File>();
  for (const file of files) {
    for (const path of awaited) {
      awaited.delete(path);
      yield* newOnes(withBeside(files, path), given);
    }
    yield* newOnes([file], given);
  }
}

/** The file itself, if it is there, and some in its folder. */
function withBeside<File extends { readonly path: string }>(files: readonly File[], path: string): File[] {
  const folder = posix.dirname(path);
  const beside = files.filter((file) => file.path !== path && posix.dirname(file.path) === folder);
  return [...files.filter((file) => file.path === path), ...beside.slice(0, MOST_BESIDE)];
}

function* newOnes<File>(files: readonly File[], given: Set<File>): Generator<File> {
  for (const file of files) {
    if (given.has(file)) continue;
    given.add(file);
    yield file;
  }
}

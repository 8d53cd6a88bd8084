// Files one after the other, as they are given, but for those that somebody waits for by the time.

import { posix } from "node:path";
import { addTo } from "../snippets/setsByKey";

/** With a file come so many of those beside it. */
const MOST_BESIDE = 30;

export interface AwaitedFirstOptions<File> {
  /** Paths of files that somebody waits for; taken out as their turn comes, also where they are not there. */
  readonly awaited: Set<string>;
  /** Every file there is: also one that would not be given otherwise may be waited for. */
  readonly all: readonly File[];
  /** These are waited for, or lie beside one that is; their turn comes now. */
  readonly onAwaited?: (files: readonly File[]) => void;
}

export function* awaitedFirst<File extends { readonly path: string }>(
  files: Iterable<File>,
  { awaited, all, onAwaited }: AwaitedFirstOptions<File>,
): Generator<File> {
  const given = new Set<File>();
  // Each key tells again of every open file, also of one that is not there.
  const asked = new Set<string>();
  let byFolder: ReadonlyMap<string, ReadonlySet<File>> | undefined;
  for (const file of files) {
    const soon: File[] = [];
    for (const path of awaited) {
      awaited.delete(path);
      if (asked.has(path)) continue;
      asked.add(path);
      byFolder ??= foldersOf(all);
      soon.push(...withBeside(byFolder.get(posix.dirname(path)) ?? [], path));
    }
    if (soon.length > 0) onAwaited?.(soon);
    yield* newOnes(soon, given);
    yield* newOnes([file], given);
  }
}

function foldersOf<File extends { readonly path: string }>(files: readonly File[]): Map<string, Set<File>> {
  const folders = new Map<string, Set<File>>();
  for (const file of files) addTo(folders, posix.dirname(file.path), file);
  return folders;
}

/** The file itself, if it is there, and some of the others in its folder. */
function withBeside<File extends { readonly path: string }>(folder: Iterable<File>, path: string): File[] {
  const files = [...folder];
  const beside = files.filter((file) => file.path !== path);
  return [...files.filter((file) => file.path === path), ...beside.slice(0, MOST_BESIDE)];
}

function* newOnes<File>(files: readonly File[], given: Set<File>): Generator<File> {
  for (const file of files) {
    if (given.has(file)) continue;
    given.add(file);
    yield file;
  }
}

// Finds files by what somebody has typed of their paths: the name's beginning first, then anywhere in the name, then in the
// path. Where nothing holds it as it was typed: letters in their order ("rtr" for router.ts).

import { setImmediate } from "node:timers/promises";
import type { FoundFile } from "../../protocol/engine";
import type { ReadableFolder } from "../repository/readableFolder";
import { shownNameOf } from "./sources";

interface RankedFile extends FoundFile {
  readonly rank: number;
}

/** Work between two looks at the event loop: whoever types in a document waits for the engine, too. */
const SLICE_MS = 8;
/** Paths between two looks at the clock. */
const SLICE_PATHS = 256;

export async function findFiles(
  query: string,
  limit: number,
  folders: readonly ReadableFolder[],
): Promise<readonly FoundFile[]> {
  const wanted = query.toLowerCase();
  const best: RankedFile[] = [];
  let seen = 0;
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const folder of folders) {
    for (const path of folder.paths()) {
      const name = shownNameOf(path, folder, folders);
      const rank = rankOf(name.toLowerCase(), wanted);
      if (rank !== undefined) insert({ folder: folder.path, path, name, rank }, best, limit);
      if (++seen % SLICE_PATHS !== 0 || performance.now() < sliceEndsAt) continue;
      await setImmediate();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
  }
  const asTyped = best.filter(({ rank }) => rank < SCATTERED);
  return (asTyped.length > 0 ? asTyped : best).map(({ rank: _, ...file }) => file);
}

/** Keeps `best` in order, and no longer than `limit`. */
function insert(file: RankedFile, best: RankedFile[], limit: number): void {
  if (best.length === limit && !comesBefore(file, best.at(-1)!)) return;
  const before = best.findLastIndex((other) => !comesBefore(file, other));
  best.splice(before + 1, 0, file);
  best.length = Math.min(best.length, limit);
}

/** Of equals the shorter path is the likelier one. */
function comesBefore(a: RankedFile, b: RankedFile): boolean {
  return (a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1)) < 0;
}

/** The best rank of a path that has the letters only here and there. */
const SCATTERED = 4;

function rankOf(path: string, query: string): number | undefined {
  if (query === "") return 0;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  if (name.includes(query)) return 2;
  if (path.includes(query)) return 3;
  if (holdsInOrder(name, query)) return SCATTERED;
  return holdsInOrder(path, query) ? SCATTERED + 1 : undefined;
}

function holdsInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

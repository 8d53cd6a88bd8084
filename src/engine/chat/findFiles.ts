// Finds files by what somebody has typed of their paths: the name's beginning first, then anywhere in the name, then in the
// path, then letters in their order ("rtr" for router.ts).

import type { FoundFile } from "../../protocol/engine";
import type { ReadableFolder } from "../repository/readableFolder";
import { nameOf } from "./sources";

export function findFiles(query: string, limit: number, folders: readonly ReadableFolder[]): FoundFile[] {
  const wanted = query.toLowerCase();
  const ranked = folders.flatMap((folder) =>
    folder.paths().flatMap((path) => {
      const name = nameOf(path, folder, folders);
      const rank = rankOf(name.toLowerCase(), wanted);
      return rank === undefined ? [] : [{ folder: folder.path, path, name, rank }];
    }),
  );
  // Of equals the shorter path is the likelier one.
  ranked.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, limit).map(({ rank: _, ...file }) => file);
}

function rankOf(path: string, query: string): number | undefined {
  if (query === "") return 0;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  if (name.includes(query)) return 2;
  if (path.includes(query)) return 3;
  if (holdsInOrder(name, query)) return 4;
  return holdsInOrder(path, query) ? 5 : undefined;
}

function holdsInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

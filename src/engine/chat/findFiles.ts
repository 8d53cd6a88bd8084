// Ranks paths by what somebody has typed of one: the name's beginning, then anywhere in the name, then in the path, then
// letters in their order ("rtr" for router.ts).

export function rankPaths<T>(items: readonly T[], pathOf: (item: T) => string, query: string, limit: number): T[] {
  const wanted = query.toLowerCase();
  const ranked = items.flatMap((item) => {
    const path = pathOf(item);
    const rank = rankOf(path.toLowerCase(), wanted);
    return rank === undefined ? [] : [{ item, path, rank }];
  });
  // Of equals the shorter path is the likelier one.
  ranked.sort((a, b) => a.rank - b.rank || a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
  return ranked.slice(0, limit).map(({ item }) => item);
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

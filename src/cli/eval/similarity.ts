// How near a completion is to what was expected. Pure string work.

/** The same text, but for blanks at its end. */
export function isExact(completion: string, expected: string): boolean {
  return completion.trimEnd() === expected.trimEnd();
}

/** The text's beginning, as far as it is one word or the signs before one. */
export function firstWord(text: string): string {
  return /^(?:[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$]+|)/u.exec(text)![0];
}

/** 1 − edit distance / longer length: 1 for equal texts, 0 when nothing is shared. */
export function similarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Levenshtein's distance in UTF-16 units. */
export function editDistance(a: string, b: string): number {
  // One row of the table: distances between the part of `a` seen so far and every beginning of `b`.
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

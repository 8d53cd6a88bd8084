// Where the text around the cursor stands in the live file. The file's text may be older: what was typed since is not in it.

import type { LineRange } from "./lineRange";
import { isTelling } from "./tellingLine";
import { uniqueLines } from "./uniqueLines";

/** The lines that the prompt holds or that follow it at once. */
export interface LivePlace extends LineRange {
  readonly cursorLine: number;
}

/**
 * Text before the cursor and text after it are looked for each by itself: most of what is typed stands between them.
 * @param after begins with the rest of the cursor's line
 * @param nearAfter how many of these lines are no other place
 * @returns undefined where none of them is found
 */
export function placeIn(
  lines: readonly string[],
  before: readonly string[],
  after: readonly string[],
  nearAfter: number,
): LivePlace | undefined {
  const start = offsetIn(lines, before);
  // Where only closing brackets come after the cursor, or nothing, the file ends with them: what it still has above was deleted.
  const isTold = after.some((line) => isTelling(line.trim()));
  const rest = isTold ? offsetIn(lines, after) : lines.length - after.length;
  if (start === undefined && rest === undefined) return undefined;
  const end = start === undefined ? rest! : start + before.length;
  const cursorLine = rest ?? end - 1;
  return {
    startLine: Math.max(0, Math.min(start ?? rest!, rest ?? start!)),
    endLine: Math.max(end, cursorLine + nearAfter),
    cursorLine: Math.max(0, cursorLine),
  };
}

/** From where on most of a text's lines stand in others; lines that it has more than once do not count. */
function offsetIn(others: readonly string[], lines: readonly string[]): number | undefined {
  const indices = uniqueLines(lines);
  const votes = new Map<number, number>();
  let best: number | undefined;
  for (const [at, line] of others.entries()) {
    const index = indices.get(line);
    if (index === undefined || !isTelling(line.trim())) continue;
    const offset = at - index;
    votes.set(offset, (votes.get(offset) ?? 0) + 1);
    if (best === undefined || votes.get(offset)! > votes.get(best)!) best = offset;
  }
  return best;
}

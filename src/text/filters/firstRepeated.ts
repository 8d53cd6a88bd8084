// A model that comes to no end is often in a loop. What the token limit has cut off shows it earlier than `stopAtRepetition`,
// which has to be sure before the end.

import { indentWidth, type Line } from "../lines";
import { isSubstantial } from "./stopAtRepetition";

/**
 * The line from which on everything says again what was said above, up to the last line, which is cut off. What comes again once,
 * such as a `break;` in each case or the same answer to each error, is no loop.
 */
export function firstRepeated(lines: readonly Line[]): number | undefined {
  const said = lines.map(({ text }) => text.trim());
  const cutOff = said.pop()!;
  const found = [firstOfGroup(said, cutOff), firstOfList(lines, said, cutOff)].filter((line) => line !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Lines in the same order as before, as many as lie between them and those. */
function firstOfGroup(said: readonly string[], cutOff: string): number | undefined {
  const count = said.length + (isSubstantial(cutOff) ? 1 : 0);
  for (const [index, line] of said.entries()) {
    if (!isSubstantial(line)) continue;
    for (let period = 1; period <= index && index + period <= count; period++) {
      const isSaidAgain = said.slice(index).every((again, i) => again === said[index - period + i]);
      if (isSaidAgain && said.at(-period)!.startsWith(cutOff)) return index;
    }
  }
  return undefined;
}

/** Lines in any order, all indented as the one that is cut off: declarations, imports. */
function firstOfList(lines: readonly Line[], said: readonly string[], cutOff: string): number | undefined {
  if (!isSubstantial(cutOff) || !said.some((line) => line.startsWith(cutOff))) return undefined;
  const indent = indentWidth(lines.at(-1)!.text);
  let first: number | undefined;
  for (let index = said.length - 1; index > 0; index--) {
    const line = said[index]!;
    if (indentWidth(lines[index]!.text) !== indent || said.indexOf(line) === index) break;
    if (isSubstantial(line)) first = index;
  }
  return first;
}

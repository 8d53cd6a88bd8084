import { indentWidth, isBlank, lineAfter, lineBefore, lineBelow } from "../lines";
import type { Filter, FilterContext } from "./filter";
import { isCloser, isOpener, Nesting } from "./nesting";

/**
 * Cuts at a closing bracket or quote that the completion did not open and that already stands after the cursor,
 * as editors put them there when the opening one is typed.
 */
export const stopAtKnownBracket: Filter = (text, context) => {
  const tail = lineAfter(context.suffix);
  const cursorLine = lineBefore(context.prefix);
  const all = cursorLine + text;
  const nesting = Nesting.of(cursorLine);
  // So many of the open ones were open at the cursor.
  let known = nesting.depth;
  let openInString = 0;
  let lineStart = 0;
  for (let at = cursorLine.length; at < all.length; at++) {
    const character = all[at]!;
    const { quote } = nesting;
    const isKnownNext = nesting.depth === known && nesting.takes(character);
    if (character === "\n") lineStart = at + 1;
    else if (!isKnownNext) {
      // What stands in the completion's own brackets and strings is its own.
    } else if (quote === undefined) {
      const before = all.slice(lineStart, at);
      if (isCloser(character) && isNextInSuffix(character, before, known > 0, context)) return at - cursorLine.length;
    } else if (character === quote || (isCloser(character) && openInString === 0)) {
      if (isNextInString(character, quote, tail)) return at - cursorLine.length;
    } else if (isCloser(character)) openInString--;
    nesting.read(all, at);
    if (isKnownNext && quote !== undefined && isOpener(character) && nesting.depth === known) openInString++;
    known = Math.min(known, nesting.depth);
  }
  return undefined;
};

/** Whether the cursor's string goes on with this quote or bracket, and ends on the cursor's line if lines end it. */
function isNextInString(closer: string, quote: string, tail: string): boolean {
  return tail.startsWith(closer) && (closer === quote || quote === "`" || tail.includes(quote));
}

/** Whether the suffix goes on with this closing bracket, and means the same block by it. */
function isNextInSuffix(
  closer: string,
  before: string,
  isOpenedOnCursorLine: boolean,
  { prefix, suffix }: FilterContext,
): boolean {
  const tail = lineAfter(suffix).trimStart();
  if (tail !== "") return tail.startsWith(closer);
  const below = lineBelow(suffix);
  if (below === undefined || !below.trimStart().startsWith(closer)) return false;
  // On a line of its own a bracket says by its indentation which block it closes.
  if (isBlank(before)) return indentWidth(below) === indentWidth(`${before}${closer}`);
  const [indent, cursorIndent] = [indentWidth(below), indentWidth(lineBefore(prefix))];
  return isOpenedOnCursorLine ? indent === cursorIndent : indent <= cursorIndent;
}

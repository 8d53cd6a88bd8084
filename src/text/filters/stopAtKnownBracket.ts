import { indentWidth, isBlank, lineAfter, lineBefore, lineBelow } from "../lines";
import type { Filter, FilterContext } from "./filter";

const CLOSER_OF: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const CLOSERS = new Set(Object.values(CLOSER_OF));
const QUOTES = new Set(['"', "'", "`"]);

/**
 * Cuts at a closing bracket or quote that the completion did not open and that already stands after the cursor,
 * as editors put them there when the opening one is typed.
 */
export const stopAtKnownBracket: Filter = (text, context) => {
  const cursorLine = lineBefore(context.prefix);
  let lineStart = 0;
  let openBrackets = 0;
  let { quote, brackets: openOnCursorLine } = leftOpen(cursorLine);
  let isQuoteOurs = false;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset]!;
    if (character === "\n") {
      lineStart = offset + 1;
      // Most likely an apostrophe: only strings in backticks go over the line's end.
      if (quote !== "`") quote = undefined;
    } else if (character === "\\") {
      offset++;
    } else if (quote !== undefined) {
      if (character !== quote) continue;
      if (!isQuoteOurs && lineAfter(context.suffix).startsWith(quote)) return offset;
      quote = undefined;
    } else if (QUOTES.has(character)) {
      quote = character;
      isQuoteOurs = true;
    } else if (character in CLOSER_OF) {
      openBrackets++;
    } else if (CLOSERS.has(character)) {
      const before = (lineStart === 0 ? cursorLine : "") + text.slice(lineStart, offset);
      if (openBrackets > 0) {
        openBrackets--;
        continue;
      }
      if (isNextInSuffix(character, before, openOnCursorLine > 0, context)) return offset;
      openOnCursorLine--;
    }
  }
  return undefined;
};

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

/** What `line` leaves open at its end: a quote, and how many brackets. */
export function leftOpen(line: string): { readonly quote: string | undefined; readonly brackets: number } {
  let quote: string | undefined;
  let brackets = 0;
  for (let offset = 0; offset < line.length; offset++) {
    const character = line[offset]!;
    if (character === "\\") offset++;
    else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (QUOTES.has(character)) quote = character;
    else if (character in CLOSER_OF) brackets++;
    else if (CLOSERS.has(character)) brackets = Math.max(0, brackets - 1);
  }
  return { quote, brackets };
}

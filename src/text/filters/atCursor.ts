// What the cursor stands in, as far as the lines around it tell: how deep its block is, and whether in a string or a comment.

import { indentWidth, isBlank, lineBefore, splitLines } from "../lines";
import { type Literal, literalsOf } from "./literals";

/** The last line of a comment that has lines of its own. */
const COMMENT_END = /^\s*\*(?:.*\*)?\/\s*$/;
/** Its first; a pattern of paths in it may have the same mark elsewhere. */
const COMMENT_BEGINNING = /^[ \t]*\/\*/gm;

/** How deep the block is in which `text` stands behind `prefix`. */
export function indentAtCursor(text: string, prefix: string): number {
  const cursorLine = lineBefore(prefix);
  const opened = COMMENT_END.test(cursorLine) ? [...prefix.matchAll(COMMENT_BEGINNING)].at(-1) : undefined;
  if (opened !== undefined) return indentWidth(opened[0]);
  if (!isBlank(cursorLine)) return indentWidth(cursorLine);
  // A cursor in the indentation leaves it to the model how deep the first line is.
  return indentWidth(`${cursorLine}${splitLines(text)[0]!.text}`.trimEnd() || cursorLine);
}

/**
 * The literals of the cursor's line and of `text` behind it, by their offsets in `text`; also the one that the cursor's line
 * begins in, if `text` closes it.
 *
 * A prefix may begin within a string, and one odd mark in a comment takes all code for strings. So a string from above is
 * believed only while no line in it leaves the cursor's block, and what the marks below then open is nothing to rely on.
 */
export function literalsAtCursor(text: string, prefix: string): Literal[] {
  const lineStart = prefix.length - lineBefore(prefix).length;
  const literalsFrom = (from: number): Literal[] =>
    literalsOf((prefix + text).slice(from)).map(({ mark, start, end, ...literal }) => {
      const offset = from - prefix.length;
      return { mark: mark + offset, start: start + offset, end: end + offset, ...literal };
    });
  const alone = literalsFrom(lineStart);
  const above = literalsOf(prefix.slice(0, lineStart)).at(-1);
  const leavesBlock = above && endOfBlock(prefix, above.start, indentAtCursor(text, prefix)) < lineStart;
  if (above === undefined || above.isClosed || leavesBlock) return alone;
  const [around, ...below] = literalsFrom(above.mark);
  const lines = (around!.isClosed ? below : alone).filter(({ isMultilineString }) => !isMultilineString);
  return around!.isClosed ? [around!, ...lines] : lines;
}

/** Where the first line begins below the one at `from` that is indented less than `indent`; the text's end if none is. */
export function endOfBlock(text: string, from: number, indent: number): number {
  const [, ...below] = splitLines(text.slice(from));
  const outside = below.find((line) => !isBlank(line.text) && indentWidth(line.text) < indent);
  return outside === undefined ? text.length : from + outside.start;
}

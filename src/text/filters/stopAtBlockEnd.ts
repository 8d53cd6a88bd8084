import { indentWidth, isBlank, type Line, lineAbove, lineAfter, lineBefore, lineBelow, splitLines } from "../lines";
import { endOfBlock, indentAtCursor, literalsAtCursor } from "./atCursor";
import {
  CLOSING_LINE,
  CLOSING_LINE_OF_BODY,
  CLOSING_LINE_WITHOUT_END,
  CONTINUING_LINE,
  NEXT_BODY,
  NEXT_BRANCH,
  NEXT_CALL,
  NEXT_CLAUSE,
} from "./blockLines";
import type { Filter, FilterContext } from "./filter";
import type { LineForm } from "./lineForm";

/** Opens a string whose lines may begin anywhere: a value is wanted before the mark, and in backticks nothing stands behind it. */
const FREE_STRING =
  /(?<=(?:[=([{:,]|\breturn)[ \t]*[\w.]*)(?:"{3}|'{3})(?![)\]};,.])|(?<=(?:[=(]|\breturn)[ \t]*[\w.]*)`\\?\s*$/my;
/** In a comment above what it is about. */
const COMMENT_LINE = /^\s*\*(?:[\s/]|$)/;
/** So many blank lines in a row end anything. */
const MAX_BLANK_LINES = 3;
/** Opens a block. */
const HEAD = /[:{]\s*$/;

/**
 * Cuts after one construct: a statement, a block with its closing line, or the lines up to a blank one;
 * and never leaves the block that the cursor is in, except for its closing line. A block whose body stands below gets no other.
 * Writing also ends after a number of tokens (MAX_TOKENS in ghostText/completionGate.ts), or a time (PATIENCE in engine/server.ts).
 */
export const stopAtBlockEnd: Filter = (text, context, isFinal) => {
  if (!context.multiline) return undefined;
  const lines = splitLines(text);
  const cursorLine = lineBefore(context.prefix);
  const startsStatement = isBlank(cursorLine) || isBlank(lines[0]!.text);
  const base = indentAtCursor(text, context.prefix);

  let keptEnd = lines[0]!.text.trimEnd().length;
  let hasContent = !isBlank(lines[0]!.text);
  let hasBody = false;
  let blankLines = 0;
  let closed: Line | undefined;
  let isHead = hasContent && HEAD.test(lines[0]!.text);
  const below = lineBelow(context.suffix);
  const hasBodyBelow = below !== undefined && indentWidth(below) > base;
  const strings = stringsOf(text, context, base);
  for (const line of lines.slice(1)) {
    // What stands in a string is indented as it likes, and has blank lines where it likes.
    if (strings.some(({ start, end }) => start < line.start && line.start < end)) {
      if (!isBlank(line.text)) keptEnd = endOf(line);
      continue;
    }
    if (isBlank(line.text)) {
      if (closed !== undefined && line.isComplete) return keptEnd;
      if (hasContent && line.isComplete && ++blankLines >= MAX_BLANK_LINES) return keptEnd;
      continue;
    }
    const isKnown = line.isComplete || isFinal;
    const indent = indentWidth(line.text);
    const forms = closed === undefined ? [] : formsBelow(closed, indent === base);
    if (!isKnown && forms.some((form) => form.couldBeOf(line.text))) return undefined;
    const isFollowing = forms.some((form) => form.isOf(line.text));
    if (closed !== undefined && !isFollowing) return keptEnd;
    closed = undefined;
    if (indent > base) {
      if (isHead && hasBodyBelow) return keptEnd;
      hasBody ||= !COMMENT_LINE.test(line.text);
    } else {
      const mayHaveClause = blankLines === 0 && text[keptEnd - 1] !== ";";
      if (!isKnown && couldGoOn(line, mayHaveClause)) return undefined;
      const isBehindBody = hasBody || indent < base;
      const isClosing = CLOSING_LINE.isOf(line.text) || (isBehindBody && CLOSING_LINE_OF_BODY.isOf(line.text));
      if (indent < base) return isClosing && closesCursorBlock(indent, context) ? endOf(line) : keptEnd;
      if (isClosing && !CLOSING_LINE_WITHOUT_END.isOf(line.text)) return endOf(line);
      if (isClosing) closed = line;
      const isClause = mayHaveClause && NEXT_CLAUSE.isOf(line.text);
      const goesOn = isFollowing || isClosing || isClause || CONTINUING_LINE.isOf(line.text);
      const isNextStatement = startsStatement && !hasBody && blankLines === 0;
      if (!goesOn && !isNextStatement) return keptEnd;
    }
    keptEnd = endOf(line);
    hasContent = true;
    isHead = indent <= base && HEAD.test(line.text);
    blankLines = 0;
  }
  return undefined;
};

/** The strings of several lines that begin on the cursor's line or below, by their offsets in `text`. */
function stringsOf(
  text: string,
  { prefix }: FilterContext,
  base: number,
): { readonly start: number; readonly end: number }[] {
  const cursorLine = lineBefore(prefix);
  const all = cursorLine + text;
  if (!/"""|'''|`|<<|R"|r#/.test(all)) return [];
  return literalsAtCursor(text, prefix)
    .filter(({ start, isMultilineString }) => isMultilineString && start >= -cursorLine.length)
    .map(({ start, end, isSure }) => {
      const mark = new RegExp(FREE_STRING);
      mark.lastIndex = start + cursorLine.length;
      if (isSure || mark.test(all)) return { start, end };
      // What leaves the cursor's block is code: the mark was an odd one, or closed a string that was not seen to begin.
      return { start, end: Math.min(end, endOfBlock(text, Math.max(0, start), base)) };
    });
}

function endOf(line: Line): number {
  return line.start + line.text.trimEnd().length;
}

/** Whether more text could make the unfinished line a closing or a continuing one, or already has. */
function couldGoOn({ text }: Line, mayHaveClause: boolean): boolean {
  const forms = [CLOSING_LINE, CLOSING_LINE_OF_BODY, CONTINUING_LINE];
  return (mayHaveClause ? [...forms, NEXT_CLAUSE] : forms).some((form) => form.couldBeOf(text));
}

/** What the line directly below a closing one looks like where it goes on with the same statement. */
function formsBelow({ text }: Line, isAtSameIndent: boolean): LineForm[] {
  if (!isAtSameIndent) return [NEXT_CALL];
  return text.trimEnd().endsWith(")") ? [NEXT_CALL, NEXT_BRANCH, NEXT_BODY] : [NEXT_CALL, NEXT_BRANCH];
}

/** Whether a closing line at `indent` closes the block around the cursor, and the suffix does not do it. */
function closesCursorBlock(indent: number, { prefix, suffix }: FilterContext): boolean {
  if (!isBlank(lineAfter(suffix))) return false;
  const above = lineAbove(prefix);
  if (above === undefined || indentWidth(above) < indent) return false;
  const below = lineBelow(suffix);
  if (below === undefined || indentWidth(below) < indent) return true;
  return indentWidth(below) === indent && !CLOSING_LINE.isOf(below);
}

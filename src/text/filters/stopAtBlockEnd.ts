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
import { endOfLiteral, openLiteral } from "./openLiteral";

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
 * Writing also ends after a number of tokens (MAX_TOKENS in ghostText/completionGate.ts), or a time (PATIENCE in
 * engine/completion/patience.ts).
 */
export const stopAtBlockEnd: Filter = (text, context, isFinal) => {
  if (!context.multiline) return undefined;
  const [first, ...others] = splitLines(text);
  const surroundings = surroundingsOf(text, first!, context);
  const strings = [...openAtCursor(text, context), ...stringsOf(text, context, surroundings.base)];
  let block = beginning(first!);
  for (const line of others) {
    // What stands in a string is indented as it likes, and has blank lines where it likes.
    if (strings.some(({ start, end }) => start < line.start && line.start < end)) {
      if (!isBlank(line.text)) block = { ...block, keptEnd: endOf(line) };
      continue;
    }
    const next = isBlank(line.text)
      ? blankLine(block, line)
      : writtenLine(block, line, line.isComplete || isFinal, surroundings);
    if (next === "wait") return undefined;
    if (typeof next === "number") return next;
    block = next;
  }
  return undefined;
};

/** The lines so far. */
interface Block {
  /** Where the last line ends that belongs to it. */
  readonly keptEnd: number;
  readonly hasContent: boolean;
  readonly hasBody: boolean;
  /** Since that line. */
  readonly blankLines: number;
  /** That line, where it closed something. */
  readonly closed: Line | undefined;
  /** Whether that line opens a block. */
  readonly isHead: boolean;
}

/** The block goes on, or ends at an offset, or more of the line must be written to tell. */
type Next = Block | number | "wait";

interface Surroundings {
  readonly text: string;
  readonly context: FilterContext;
  /** How far the cursor's block is indented. */
  readonly base: number;
  readonly startsStatement: boolean;
  readonly hasBodyBelow: boolean;
}

function surroundingsOf(text: string, first: Line, context: FilterContext): Surroundings {
  const base = indentAtCursor(text, context.prefix);
  const below = lineBelow(context.suffix);
  return {
    text,
    context,
    base,
    startsStatement: isBlank(lineBefore(context.prefix)) || isBlank(first.text),
    hasBodyBelow: below !== undefined && indentWidth(below) > base,
  };
}

function beginning(first: Line): Block {
  const hasContent = !isBlank(first.text);
  const isHead = hasContent && HEAD.test(first.text);
  return { keptEnd: endOf(first), hasContent, hasBody: false, blankLines: 0, closed: undefined, isHead };
}

function blankLine(block: Block, line: Line): Next {
  if (!line.isComplete) return block;
  if (block.closed !== undefined) return block.keptEnd;
  if (!block.hasContent) return block;
  const blankLines = block.blankLines + 1;
  return blankLines >= MAX_BLANK_LINES ? block.keptEnd : { ...block, blankLines };
}

/** @param isKnown whether all of the line is written */
function writtenLine(block: Block, line: Line, isKnown: boolean, surroundings: Surroundings): Next {
  const { closed, keptEnd } = block;
  const { base } = surroundings;
  const indent = indentWidth(line.text);
  const forms = closed === undefined ? [] : formsBelow(closed, indent === base);
  if (!isKnown && forms.some((form) => form.couldBeOf(line.text))) return "wait";
  const isFollowing = forms.some((form) => form.isOf(line.text));
  if (closed !== undefined && !isFollowing) return keptEnd;
  return indent > base
    ? deeperLine(block, line, surroundings)
    : lineAtMargin(block, line, isKnown, isFollowing, surroundings);
}

function deeperLine(block: Block, line: Line, { hasBodyBelow }: Surroundings): Next {
  if (block.isHead && hasBodyBelow) return block.keptEnd;
  return { ...withLine(block, line), hasBody: block.hasBody || !COMMENT_LINE.test(line.text) };
}

/** @param isFollowing whether it goes on with what the line before closed */
function lineAtMargin(
  block: Block,
  line: Line,
  isKnown: boolean,
  isFollowing: boolean,
  { text, context, base, startsStatement }: Surroundings,
): Next {
  const { keptEnd, hasBody, blankLines } = block;
  const indent = indentWidth(line.text);
  const mayHaveClause = blankLines === 0 && text[keptEnd - 1] !== ";";
  if (!isKnown && couldGoOn(line, mayHaveClause)) return "wait";
  const isBehindBody = hasBody || indent < base;
  const isClosing = CLOSING_LINE.isOf(line.text) || (isBehindBody && CLOSING_LINE_OF_BODY.isOf(line.text));
  if (indent < base) return isClosing && closesCursorBlock(indent, context) ? endOf(line) : keptEnd;
  if (isClosing && !CLOSING_LINE_WITHOUT_END.isOf(line.text)) return endOf(line);
  const isClause = mayHaveClause && NEXT_CLAUSE.isOf(line.text);
  const goesOn = isFollowing || isClosing || isClause || CONTINUING_LINE.isOf(line.text);
  const isNextStatement = startsStatement && !hasBody && blankLines === 0;
  if (!goesOn && !isNextStatement) return keptEnd;
  return { ...withLine(block, line), closed: isClosing ? line : undefined, isHead: HEAD.test(line.text) };
}

/** One line longer, which neither opens nor closes anything. */
function withLine({ hasBody }: Block, line: Line): Block {
  return { keptEnd: endOf(line), hasContent: true, hasBody, blankLines: 0, closed: undefined, isHead: false };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The string or comment that is open at the cursor, by its offsets in `text`; none where something below closes it. */
function openAtCursor(text: string, context: FilterContext): Span[] {
  const literal = openLiteral(context);
  if (literal === undefined) return [];
  return [{ start: -1, end: endOfLiteral(text, context.prefix, literal) ?? text.length + 1 }];
}

/** The strings of several lines that begin on the cursor's line or below, by their offsets in `text`. */
function stringsOf(text: string, { prefix }: FilterContext, base: number): Span[] {
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

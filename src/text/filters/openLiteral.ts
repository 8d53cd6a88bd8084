// The string or comment of several lines that the text before the cursor leaves open, and what is still to close it.

import { indentWidth, isBlank, lineAbove, lineAfter, lineBefore } from "../lines";
import { endOfBlock } from "./atCursor";
import type { FilterContext } from "./filter";
import { CLOSING_MARK, type Literal, literalsOf } from "./literals";

/** Of a comment whose lines begin with stars, which stand one column farther right than the comment. */
export const STARRED_LINE = /^\s*\*(?:\s|$)/;
/** A path may begin so, too: `/*.zip`. */
const COMMENT_MARK = /^\/\*[*!]?(?:\s|$)/;
const COMMENT_BEGINNING = /(?<!\S)\/\*/;

export interface OpenLiteral {
  /** Where its mark begins in the prefix. */
  readonly mark: number;
  readonly closing: string;
  /** The line that it begins on, before the mark. */
  readonly before: string;
  /** Whether a value is wanted where it stands: then its lines begin anywhere. */
  readonly isValue: boolean;
  /** Whether what closes it stands right behind the cursor, where the editor has put it. */
  readonly isClosedByEditor: boolean;
}

/** By the place: it is asked for with each token that is written there, and a long prefix takes a millisecond or more. */
const found = new WeakMap<FilterContext, { readonly literal: OpenLiteral | undefined }>();

/** Only one of the marks that the context names; undefined also where something below the cursor closes it: then it is for that to say where it ends. */
export function openLiteral(context: FilterContext): OpenLiteral | undefined {
  const known = found.get(context) ?? { literal: findLiteral(context) };
  found.set(context, known);
  return known.literal;
}

function findLiteral({ prefix, suffix, literalMarks = [] }: FilterContext): OpenLiteral | undefined {
  if (literalMarks.length === 0) return undefined;
  const mark = openMark(prefix);
  if (mark === undefined || !literalMarks.includes(markAt(prefix, mark)!)) return undefined;
  const closing = CLOSING_MARK[markAt(prefix, mark)!]!;
  const before = lineBefore(prefix.slice(0, mark));
  const isClosedByEditor = lineAfter(suffix).startsWith(closing);
  const literal = { mark, closing, before, isValue: isValue(prefix, mark), isClosedByEditor };
  return !isClosedByEditor && isClosedBelow(suffix, prefix, literal) ? undefined : literal;
}

/** Where the literal ends in `text` behind the prefix: behind its closing mark; undefined while that is not written. */
export function endOfLiteral(text: string, prefix: string, { mark }: OpenLiteral): number | undefined {
  const { end, isClosed } = literalsOf(prefix.slice(mark) + text)[0]!;
  return isClosed ? end - (prefix.length - mark) : undefined;
}

/**
 * A mark that closes looks like one that opens, and a prefix may begin between the two. So it has to look like one that opens,
 * and a literal from above is believed only while no line leaves its block.
 */
function openMark(prefix: string): number | undefined {
  const cursorLine = lineBefore(prefix);
  const lineStart = prefix.length - cursorLine.length;
  const around = literalsOf(prefix).findLast(({ mark, end }) => mark < lineStart && end >= lineStart);
  if (around !== undefined && !isOdd(around, prefix, lineStart)) {
    const isOpen = !around.isClosed && isOfLiteral(prefix, around.mark);
    return isOpen && opens(prefix, around.mark, prefix[around.mark] === "`") ? around.mark : undefined;
  }
  const own = literalsOf(cursorLine).at(-1);
  if (own === undefined || own.isClosed) return undefined;
  const mark = lineStart + own.mark;
  return opens(prefix, mark, around === undefined) ? mark : undefined;
}

/** Whether the lines behind the mark look like the literal's: none leaves its block, and those of a comment begin with stars. */
function isOfLiteral(prefix: string, mark: number): boolean {
  const lines = prefix.slice(mark).split("\n").slice(1);
  if (prefix.startsWith("/*", mark)) return lines.every((line) => isBlank(line) || STARRED_LINE.test(line));
  const indent = indentWidth(lineBefore(prefix.slice(0, mark)));
  return lines.slice(0, -1).every((line) => isBlank(line) || indentWidth(line) >= indent);
}

/** Whether the string from above is hardly one, because it takes code for its own that stands below the cursor's block. */
function isOdd({ mark, isSure }: Literal, prefix: string, lineStart: number): boolean {
  if (isSure || isValue(prefix, mark)) return false;
  return endOfBlock(prefix, mark, indentWidth(prefix.slice(lineStart))) < lineStart;
}

/** Whether the code below the cursor begins only behind a closing mark. */
function isClosedBelow(suffix: string, prefix: string, literal: OpenLiteral): boolean {
  const { closing, before } = literal;
  // A template may have others in it.
  const end = endOfLiteral(suffix, prefix, literal);
  if (end === undefined) return false;
  const at = Math.max(0, end - closing.length);
  if (endOfBlock(suffix, 0, literal.isValue ? 0 : indentWidth(before)) < at) return false;
  return closing === "*/" ? !COMMENT_BEGINNING.test(suffix.slice(0, at)) : !opens(suffix, at, false);
}

/** Before a value: `text = f"""`, `print("""`, `return """`, `@doc """`. */
const VALUE_WANTED =
  /(?:[=([{>+][ \t]*|[:,?][ \t]+|\b(?:return|yield|in)[ \t]+|@\w+[ \t]+)(?:[bfrsu]{0,2}|raw|[$#]+)$/i;
/** Before a value in backticks, which stand in prose, too. */
const TEMPLATE_WANTED = /(?:=>?|\w\(|\breturn)[ \t]*$/;
/** The same with the name of what reads the template. */
const TAG_BEFORE = /(?:=>?|\w\(|\breturn)[ \t]*[\w.]+$/;
/** A comment behind code, or a regular expression: a backtick in it opens nothing. */
const COMMENT_OR_REGEX_BEFORE = /(?:^|\s)\/\/|(?:[(=,:!&|?]|\breturn)\s*\/(?![/*])(?:\\.|[^/\\])*$/;
/** Before a string that is none's value, as Python's docstrings. */
const LINE_BEGINNING = /^\s*[bfru]{0,2}$/i;
/** Ends a line whose block may begin with a docstring. */
const HEAD = /:\s*(?:#.*)?$/;
/** Begins a text, and goes on with no statement. */
const TEXT = /^(?:[\w\\]|\s+[A-Z])/;
const REST_OF_STATEMENT = /^\s*[)\]},;.%+]/;

/**
 * Whether the mark at `at` opens a literal, by what stands around it.
 * @param isLikely what is said of a mark that could as well close one
 */
function opens(text: string, at: number, isLikely: boolean): boolean {
  const before = lineBefore(text.slice(0, at));
  const mark = markAt(text, at);
  if (mark === "/*") return isBlank(before) && COMMENT_MARK.test(text.slice(at, at + 4));
  if (mark === undefined || touchesQuote(text, at, mark)) return false;
  if (mark === "`" && COMMENT_OR_REGEX_BEFORE.test(before)) return false;
  if (isValue(text, at)) return true;
  if (mark === "`") return isLikely && TAG_BEFORE.test(before);
  if (!LINE_BEGINNING.test(before)) return false;
  const behind = lineAfter(text.slice(at + mark.length));
  if (TEXT.test(behind)) return true;
  if (!isBlank(behind)) return isLikely && !REST_OF_STATEMENT.test(behind);
  const above = lineAbove(text.slice(0, at));
  return isLikely || (above !== undefined && HEAD.test(above));
}

function isValue(text: string, at: number): boolean {
  return (text[at] === "`" ? TEMPLATE_WANTED : VALUE_WANTED).test(lineBefore(text.slice(0, at)));
}

/** Doubled, a quote stands for itself in some languages; where it does not, more quotes than the mark's want as many to close. */
function touchesQuote(text: string, at: number, mark: string): boolean {
  return text[at - 1] === mark[0] || text[at + mark.length] === mark[0];
}

function markAt(text: string, at: number): string | undefined {
  return Object.keys(CLOSING_MARK).find((mark) => text.startsWith(mark, at));
}

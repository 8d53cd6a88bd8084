import { indentOf, isBlank, lineBefore } from "../lines";
import type { FilterContext } from "./filter";
import { endOfLiteral, type OpenLiteral, openLiteral, STARRED_LINE } from "./openLiteral";

/** A mark directly behind it would be taken for a part of it, or for escaped. */
const MERGING_END = /["'\\]$/;
const LINE_END = /^[ \t]*\n/;

/**
 * What is open at the cursor would make a string or a comment of the code below, so a completion that does not close it gets its
 * closing mark. Nothing else is added to what the model has written.
 * @param written what the completion is the beginning of
 */
export function closeLiteral(completion: string, written: string, context: FilterContext): string {
  const literal = completion === "" ? undefined : openLiteral(context);
  if (literal === undefined || endOfLiteral(completion, context.prefix, literal) !== undefined) return completion;
  const { before, mark, closing, isValue, isClosedByEditor } = literal;
  const cursorLine = lineBefore(context.prefix);
  const isAbove = mark < context.prefix.length - cursorLine.length;
  // Whoever has begun a line of it goes on with the next one.
  if (isAbove && !context.multiline) return completion;
  // So does the model with a value that has more lines than one.
  if (isValue && !context.multiline && LINE_END.test(written.slice(completion.length))) return completion;
  const hasLines = completion.includes("\n") && (isBlank(before) || completion.startsWith("\n"));
  const space =
    isAbove || hasLines ? `\n${indentOfEnd(completion, context, literal)}` : spaceBefore(closing, completion);
  if (isClosedByEditor) return hasLines ? completion + space : completion;
  const closed = completion + space + closing;
  // In a template, code may be open besides.
  return endOfLiteral(closed, context.prefix, literal) === closed.length ? closed : completion;
}

function indentOfEnd(completion: string, { prefix }: FilterContext, { before, mark, closing }: OpenLiteral): string {
  const [, ...lines] = (prefix.slice(mark) + completion).split("\n");
  const isStarred = closing === "*/" && lines.some((line) => STARRED_LINE.test(line));
  return indentOf(before) + (isStarred ? " " : "");
}

function spaceBefore(closing: string, completion: string): string {
  return closing === "*/" || MERGING_END.test(completion) ? " " : "";
}

import { indentWidth, isBlank, lineBelow, splitLines } from "../lines";
import type { Filter } from "./filter";
import { endOfLiteral, type OpenLiteral, openLiteral } from "./openLiteral";

/**
 * Ends with the string or comment that is open at the cursor, where what comes next stands below already; and before its
 * closing mark, where the editor has put one behind the cursor.
 */
export const stopAtLiteralEnd: Filter = (text, context, isFinal) => {
  const literal = openLiteral(context);
  const end = literal && endOfLiteral(text, context.prefix, literal);
  if (literal === undefined || end === undefined) return undefined;
  if (literal.isClosedByEditor) return end - literal.closing.length;
  if (!hasCodeBelow(context.suffix, literal)) return undefined;
  // A value's statement may go on behind the mark.
  const lineEnd = text.indexOf("\n", end);
  return lineEnd !== -1 ? lineEnd : isFinal ? text.length : undefined;
};

/** Whether what the literal is about stands below: of a comment, on the next line. */
function hasCodeBelow(suffix: string, { closing, before }: OpenLiteral): boolean {
  const below = closing === "*/" ? splitLines(suffix)[1]?.text : lineBelow(suffix);
  return below !== undefined && !isBlank(below) && indentWidth(below) >= indentWidth(before);
}

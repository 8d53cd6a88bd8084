import { indentOf, isBlank, lineAfter, lineBefore } from "../lines";
import type { FilterContext } from "./filter";

/**
 * Drops trailing blanks, and a completion of nothing else. But the line break before a closing bracket of the editor's stays:
 * the bracket closes a block of several lines, and stands on a line of its own then.
 */
export function trimBlank(completion: string, { prefix, suffix }: FilterContext): string {
  if (isBlank(completion)) return "";
  const trimmed = completion.trimEnd();
  const blank = completion.slice(trimmed.length);
  const isBeforeCloser = /^[)\]}]/.test(lineAfter(suffix)) && blank.startsWith("\n");
  return isBeforeCloser && trimmed.includes("\n") ? `${trimmed}\n${indentationOfCloser(blank, prefix)}` : trimmed;
}

/** What is kept of the blank space behind the line break: as much as the line has that opened the bracket. */
function indentationOfCloser(blank: string, prefix: string): string {
  const wanted = indentOf(lineBefore(prefix));
  let length = 0;
  while (length < wanted.length && blank[length + 1] === wanted[length]) length++;
  return wanted.slice(0, length);
}

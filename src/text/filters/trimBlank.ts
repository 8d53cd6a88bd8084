import { indentOf, indentWidth, isBlank, lineAfter, lineBefore } from "../lines";
import type { FilterContext } from "./filter";

/**
 * Drops trailing blanks, and a completion of nothing else. But the line break before a closing bracket of the editor's stays:
 * the bracket closes a block that has lines of its own, and stands on one, too.
 */
export function trimBlank(completion: string, { prefix, suffix }: FilterContext): string {
  if (isBlank(completion)) return "";
  const trimmed = completion.trimEnd();
  const blank = completion.slice(trimmed.length);
  const isBeforeCloser = /^[)\]}]/.test(lineAfter(suffix)) && blank.startsWith("\n");
  return isBeforeCloser && mayEndInBreak(trimmed, lineBefore(prefix))
    ? `${trimmed}\n${indentationOfCloser(blank, prefix)}`
    : trimmed;
}

function mayEndInBreak(trimmed: string, before: string): boolean {
  // At a line's start, VS Code takes what ends in a line break for lines behind the one above, and does not show it.
  if (before === "" && !trimmed.startsWith("\n")) return false;
  return trimmed.includes("\n") || isBlank(before);
}

/** What is kept of the blank space behind the line break: as much as the line has that opened the bracket. */
function indentationOfCloser(blank: string, prefix: string): string {
  const wanted = indentOf(openingLine(prefix));
  let length = 0;
  while (length < wanted.length && blank[length + 1] === wanted[length]) length++;
  return wanted.slice(0, length);
}

/** The cursor's line, or the one that its block is in where nothing else stands on it. */
function openingLine(prefix: string): string {
  const before = lineBefore(prefix);
  if (!isBlank(before)) return before;
  const width = indentWidth(before);
  return prefix.split("\n").findLast((line) => !isBlank(line) && indentWidth(line) < width) ?? "";
}

// Which edits are a key after which the engine may begin before VS Code asks.

import type { TextEdit } from "../protocol/engine";
import { AUTO_CLOSED, lineBetweenBrackets } from "./followedCompletion";

/** One sign or blank, or a line break with its indentation. Within a word, the suggestion list may soon want another request. */
const NO_WORD = /^(?:[^\p{L}\p{N}_$\n]|\t| +|\r?\n[ \t]*)$/u;
const LINE_BREAK = /^\r?\n/;

/** Where such a key leaves the cursor that was at its place; undefined for any other edit. */
export function cursorAfterKey(edits: readonly TextEdit[]): number | undefined {
  const [edit, other, ...others] = edits;
  const cursor = edit && cursorAfter(edit);
  if (cursor === undefined || other === undefined) return cursor;
  return others.length === 0 && isTrimmedBy(other, edit!) ? cursor - other.deleted : undefined;
}

function cursorAfter({ offset, deleted, inserted }: TextEdit): number | undefined {
  // A closing bracket or quote that the editor has put there is typed over.
  if (deleted > 0) return deleted === 1 && AUTO_CLOSED.some((pair) => pair[1] === inserted) ? offset + 1 : undefined;
  // The editor has closed the bracket, and the cursor is inside.
  if (AUTO_CLOSED.includes(inserted)) return offset + 1;
  const before = lineBetweenBrackets(inserted) ?? inserted;
  return NO_WORD.test(before) ? offset + before.length : undefined;
}

/** Whether `trimming` removes the blanks of the line that Enter has left: the editor does so where it has put them there itself. */
function isTrimmedBy({ offset, deleted, inserted }: TextEdit, enter: TextEdit): boolean {
  return inserted === "" && offset + deleted === enter.offset && LINE_BREAK.test(enter.inserted);
}

// Which edits are a key after which the engine may begin before VS Code asks.

import type { TextEdit } from "../protocol/engine";
import { AUTO_CLOSED, lineBetweenBrackets } from "./followedCompletion";

/** One sign or blank, or a line break with its indentation. Within a word, the suggestion list may soon want another request. */
const NO_WORD = /^(?:[^\p{L}\p{N}_$\n]|\t| +|\r?\n[ \t]*)$/u;

/** Where such a key leaves the cursor that was at its place; undefined for any other edit. */
export function cursorAfterKey(edits: readonly TextEdit[]): number | undefined {
  const [edit, ...others] = edits;
  if (edit === undefined || others.length > 0 || edit.deleted > 0) return undefined;
  // The editor has closed the bracket, and the cursor is inside.
  if (AUTO_CLOSED.includes(edit.inserted)) return edit.offset + 1;
  const before = lineBetweenBrackets(edit.inserted) ?? edit.inserted;
  return NO_WORD.test(before) ? edit.offset + before.length : undefined;
}

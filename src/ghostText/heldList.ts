// VS Code's list of suggestions and ghost text: which of them comes first.
//
// Since 1.125, VS Code holds its list back while a word is typed and ghost text may come (`editor.quickSuggestions`, whose default is
// `offWhenInlineCompletions` since then). When none has come 750 ms after the key, it shows the list, cancels the question, and does
// not ask again before the next key (SuggestModel._waitForInlineCompletionsAndTrigger, as of 1.139).

import type { TextEdit } from "../protocol/engine";
import { Nesting } from "../text/filters/nesting";
import { wordAtEnd } from "../text/lines";

/** VS Code waits 10 ms and then 750; the rest is for messages on their way and for the drawing. */
export const ANSWER_MS = 650;

/** As VS Code tells them apart in `editor.quickSuggestions`. */
export type TextKind = "other" | "comments" | "strings";

/** A comment, as far as languages agree, that begins its line: what stands behind code is taken for code. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*(?=\s)|#(?![\w[])|--(?!\w)|<!--)/;

/**
 * The kind of text in which the list may come by itself, as this key has written on a word; undefined: it does not.
 * @param lineBefore the cursor's line up to the cursor, after the edits
 */
export function listKind(edits: readonly TextEdit[], lineBefore: string): TextKind | undefined {
  const [edit, ...others] = edits;
  if (edit === undefined || others.length > 0 || edit.deleted > 0 || [...edit.inserted].length !== 1) return undefined;
  const word = wordAtEnd(lineBefore);
  // Not behind a number.
  if (!word.endsWith(edit.inserted) || !Number.isNaN(Number(word))) return undefined;
  if (COMMENT.test(lineBefore)) return "comments";
  return Nesting.of(lineBefore).quote === undefined ? "other" : "strings";
}

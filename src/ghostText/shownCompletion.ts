// What the user is looking at, followed through the edits that agree with it.
//
// Ghost text is written `foo[bar]`: typing `b` makes it `foob[ar]`, typing `x` makes it go away. Offsets are those of
// the document, which may end its lines with \r\n; the completion's text has \n.

import type { TextEdit } from "../protocol/engine";

/** What remains to be offered at the cursor. */
export interface Remainder {
  /** Text to insert at the cursor. */
  readonly text: string;
  /** How much of the document after the cursor is replaced: brackets that the editor closed by itself. */
  readonly replacedTail: number;
}

/** What editors insert in pairs. */
const AUTO_CLOSED = ["()", "[]", "{}", '""', "''", "``"];

interface Shown {
  readonly uri: string;
  readonly text: string;
  version: number;
  /** Where in the document the remainder begins. */
  offset: number;
  /** How much of `text` is in the document already. */
  typed: number;
  /** What the editor closed by itself behind the cursor. */
  tail: string;
}

export class ShownCompletion {
  private shown: Shown | undefined;

  show(uri: string, version: number, offset: number, text: string): void {
    this.shown = { uri, version, offset, text, typed: 0, tail: "" };
  }

  clear(): void {
    this.shown = undefined;
  }

  /** Follows the user's edits as long as they type what is shown, or take back what they typed of it. */
  applyEdits(uri: string, version: number, edits: readonly TextEdit[]): void {
    if (this.shown?.uri !== uri) return;
    const isFollowed = edits.length === 1 && follow(this.shown, edits[0]!);
    if (isFollowed && this.shown.typed < this.shown.text.length) this.shown.version = version;
    else this.shown = undefined;
  }

  /** The rest of what is shown, if it still stands at this place of this version. */
  remainder(uri: string, version: number, offset: number): Remainder | undefined {
    const { shown } = this;
    if (shown?.uri !== uri || shown.version !== version || shown.offset !== offset) return undefined;
    return { text: shown.text.slice(shown.typed), replacedTail: shown.tail.length };
  }
}

/** Moves `shown` along with the edit; false when the edit does something else. */
function follow(shown: Shown, edit: TextEdit): boolean {
  if (edit.deleted === 0) return edit.offset === shown.offset && followInsertion(shown, edit.inserted);
  if (edit.inserted === "") return followDeletion(shown, edit);
  return followOvertyping(shown, edit);
}

function followInsertion(shown: Shown, inserted: string): boolean {
  const remaining = shown.text.slice(shown.typed);
  if (AUTO_CLOSED.includes(inserted) && remaining[0] === inserted[0]) {
    // Typing `(` inserted `()`: the second bracket belongs to the remainder, which replaces it.
    const tail = inserted[1]! + shown.tail;
    if (!isSubsequence(tail, remaining.slice(1).split("\n")[0]!)) return false;
    shown.typed++;
    shown.offset++;
    shown.tail = tail;
    return true;
  }
  const typed = inserted.replace(/\r\n/g, "\n");
  if (!remaining.startsWith(typed)) return false;
  shown.typed += typed.length;
  shown.offset += inserted.length;
  return true;
}

/** Backspace over what was typed of the completion. */
function followDeletion(shown: Shown, { offset, deleted }: TextEdit): boolean {
  const start = shown.typed - deleted;
  if (offset + deleted !== shown.offset || start < 0) return false;
  // A line end may be two characters in the document, and an automatic bracket would stay behind.
  if (shown.text.slice(start, shown.typed).includes("\n") || shown.tail !== "") return false;
  shown.typed = start;
  shown.offset = offset;
  return true;
}

/** Typing the `)` that the editor has put there replaces it by itself. */
function followOvertyping(shown: Shown, { offset, deleted, inserted }: TextEdit): boolean {
  const isOvertyping = offset === shown.offset && deleted === 1 && inserted === shown.tail[0];
  if (!isOvertyping || shown.text[shown.typed] !== inserted) return false;
  shown.typed++;
  shown.offset++;
  shown.tail = shown.tail.slice(1);
  return true;
}

function isSubsequence(part: string, whole: string): boolean {
  let found = 0;
  for (const character of whole) if (character === part[found]) found++;
  return found === part.length;
}

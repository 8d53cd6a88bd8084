// Edits of plain text: how they are written down, applied, and found again from two texts.

/** Replaces `deleted` UTF-16 units at `offset` by `inserted`. */
export interface TextEdit {
  readonly offset: number;
  readonly deleted: number;
  readonly inserted: string;
}

export function applyEdit(text: string, edit: TextEdit): string {
  return text.slice(0, edit.offset) + edit.inserted + text.slice(edit.offset + edit.deleted);
}

/** Applies edits in order, each to the result of the one before it, as VS Code reports them. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  if (edits.some(({ offset, deleted }, index) => index > 0 && offset + deleted > edits[index - 1]!.offset)) {
    return edits.reduce(applyEdit, text);
  }
  // From the end to the beginning, as VS Code orders those of "Replace All", none moves another: the text is put together
  // once, and not once for each of them.
  const parts: string[] = [];
  let end = text.length;
  for (const { offset, deleted, inserted } of edits) {
    parts.push(text.slice(offset + deleted, end), inserted);
    end = offset;
  }
  parts.push(text.slice(0, end));
  return parts.reverse().join("");
}

/**
 * Where a place in the text is after edits, made in order. What is inserted exactly there comes after it, and with a text that
 * is deleted around it, it goes to where that began.
 */
export function offsetAfter(offset: number, edits: readonly TextEdit[]): number {
  let after = offset;
  for (const edit of edits) {
    const isAbove = edit.offset < after && edit.offset + edit.deleted <= after;
    after = isAbove ? after + edit.inserted.length - edit.deleted : Math.min(after, edit.offset);
  }
  return after;
}

/** The one edit that turns `before` into `after`, or undefined when they are equal. */
export function editBetween(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined;
  const start = commonPrefixLength(before, after);
  const end = commonSuffixLength(before, after, Math.min(before.length, after.length) - start);
  return { offset: start, deleted: before.length - end - start, inserted: after.slice(start, after.length - end) };
}

/** UTF-16 units that both texts begin with. It may end between the halves of a surrogate pair. */
export function commonPrefixLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** UTF-16 units that both texts end with, at most `limit`. */
function commonSuffixLength(a: string, b: string, limit: number): number {
  let length = 0;
  while (length < limit && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}

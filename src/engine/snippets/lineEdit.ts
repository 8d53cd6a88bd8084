// What an edit does to the lines of a text, and where lines are before and after it. Lines are counted from 0.

import type { TextEdit } from "../../text/edit";
import { lineBreaks } from "../../text/lines";
import type { LineRange } from "./lineRange";

export interface LineEdit {
  /** The line in which it begins. */
  readonly line: number;
  /** Line breaks that it takes away, and that it brings. */
  readonly deleted: number;
  readonly inserted: number;
}

/** @param text before the edit */
export function lineEdit(text: string, { offset, deleted, inserted }: TextEdit): LineEdit {
  return {
    line: lineBreaks(text, 0, offset),
    deleted: lineBreaks(text, offset, offset + deleted),
    inserted: lineBreaks(inserted),
  };
}

/** Where the lines are after the edit. */
export function shifted({ startLine, endLine }: LineRange, edit: LineEdit): LineRange {
  return { startLine: lineAfter(startLine, edit), endLine: lineAfter(endLine - 1, edit) + 1 };
}

/** Where the lines were before the edits; lines that these have brought, where they brought them. */
export function shiftedBack(range: LineRange, edits: readonly LineEdit[]): LineRange {
  return edits.reduceRight(
    (at, { line, deleted, inserted }) => shifted(at, { line, deleted: inserted, inserted: deleted }),
    range,
  );
}

function lineAfter(line: number, edit: LineEdit): number {
  if (line <= edit.line) return line;
  const isBelow = line > edit.line + edit.deleted;
  return isBelow ? line + edit.inserted - edit.deleted : Math.min(line, edit.line + edit.inserted);
}

// Where the user was last: edited and viewed ranges, newest first. No clock: only the order counts.

import { type LineEdit, shifted } from "./lineEdit";
import { type FileRange, type LineRange, outside } from "./lineRange";

const MOST_RANGES = 24;
/** Edits this near to each other are one place. */
const NEAR_LINES = 8;
/** A place grows to this many lines; then a new one begins. */
export const LONGEST_PLACE = 40;

export class RecentRanges {
  #ranges: FileRange[] = [];

  record(path: string, startLine: number, endLine: number): void {
    let range: FileRange = { path, ...middle({ startLine, endLine: Math.max(endLine, startLine + 1) }) };
    for (const other of this.#ranges) if (areOnePlace(range, other)) range = union(range, other);
    const others = this.#ranges.flatMap((other) => (other.path === path ? outside(other, range) : [other]));
    this.#ranges = [range, ...others].slice(0, MOST_RANGES);
  }

  /** Lines of the file have moved. */
  shift(path: string, edit: LineEdit): void {
    this.#ranges = this.#ranges.map((range) => (range.path === path ? { path, ...shifted(range, edit) } : range));
  }

  forget(path: string): void {
    this.#ranges = this.#ranges.filter((range) => range.path !== path);
  }

  get newestFirst(): readonly FileRange[] {
    return this.#ranges;
  }
}

/** Of a high window's lines, those that are looked at. */
function middle({ startLine, endLine }: LineRange): LineRange {
  const start = startLine + Math.max(0, Math.floor((endLine - startLine - LONGEST_PLACE) / 2));
  return { startLine: start, endLine: Math.min(endLine, start + LONGEST_PLACE) };
}

function areOnePlace(a: FileRange, b: FileRange): boolean {
  if (a.path !== b.path) return false;
  const distance = Math.max(a.startLine, b.startLine) - Math.min(a.endLine, b.endLine);
  const together = union(a, b);
  return distance <= NEAR_LINES && together.endLine - together.startLine <= LONGEST_PLACE;
}

function union(a: FileRange, b: FileRange): FileRange {
  return {
    path: a.path,
    startLine: Math.min(a.startLine, b.startLine),
    endLine: Math.max(a.endLine, b.endLine),
  };
}

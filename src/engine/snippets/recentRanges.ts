// Where the user was last: edited and viewed ranges, newest first. No clock: only the order counts.

import { type LineEdit, shifted } from "./lineEdit";
import type { LineRange } from "./snippet";

export interface RecentRange extends LineRange {
  readonly path: string;
}

const MOST_RANGES = 24;
/** Edits this near to each other are one place. */
const NEAR_LINES = 8;

export class RecentRanges {
  #ranges: RecentRange[] = [];

  record(path: string, startLine: number, endLine: number): void {
    let range: RecentRange = { path, startLine, endLine: Math.max(endLine, startLine + 1) };
    const others: RecentRange[] = [];
    for (const other of this.#ranges) {
      if (areNear(range, other)) range = union(range, other);
      else others.push(other);
    }
    this.#ranges = [range, ...others].slice(0, MOST_RANGES);
  }

  /** Lines of the file have moved. */
  shift(path: string, edit: LineEdit): void {
    this.#ranges = this.#ranges.map((range) => (range.path === path ? { path, ...shifted(range, edit) } : range));
  }

  forget(path: string): void {
    this.#ranges = this.#ranges.filter((range) => range.path !== path);
  }

  get newestFirst(): readonly RecentRange[] {
    return this.#ranges;
  }
}

/** A place may grow to this many lines; then a new one begins. */
const LONGEST_PLACE = 40;

function areNear(a: RecentRange, b: RecentRange): boolean {
  if (a.path !== b.path) return false;
  const distance = Math.max(a.startLine, b.startLine) - Math.min(a.endLine, b.endLine);
  const together = union(a, b);
  return distance < 0 || (distance <= NEAR_LINES && together.endLine - together.startLine <= LONGEST_PLACE);
}

function union(a: RecentRange, b: RecentRange): RecentRange {
  return {
    path: a.path,
    startLine: Math.min(a.startLine, b.startLine),
    endLine: Math.max(a.endLine, b.endLine),
  };
}

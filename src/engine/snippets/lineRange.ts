// Lines of a text, and of a file: what one range has to do with another.

/** Lines are counted from 0; `endLine` is the first line that is not in the range any more. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

export interface FileRange extends LineRange {
  readonly path: string;
}

export function overlap(a: LineRange, b: LineRange): boolean {
  return a.startLine < b.endLine && b.startLine < a.endLine;
}

/** What of a range lies above and below another one. */
export function outside<Range extends LineRange>(range: Range, other: LineRange): Range[] {
  return [
    { ...range, endLine: Math.min(range.endLine, other.startLine) },
    { ...range, startLine: Math.max(range.startLine, other.endLine) },
  ].filter(({ startLine, endLine }) => startLine < endLine);
}

type ScoredRange = FileRange & { readonly score: number };

/** For sorting. Equals stand in the order of their files and lines, so that the same question has the same answer. */
export function bestFirst(a: ScoredRange, b: ScoredRange): number {
  return b.score - a.score || (a.path === b.path ? a.startLine - b.startLine : a.path < b.path ? -1 : 1);
}

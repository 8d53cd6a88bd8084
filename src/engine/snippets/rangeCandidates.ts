// Which stretches of code may help: chunks that speak of the same things, and places where the user was.

import type { Corpus } from "./corpus";
import { bestFirst, type FileRange, type LineRange, outside } from "./lineRange";
import type { LiveWindow } from "./liveWindow";
import { coverage } from "./relevance";
import type { SnippetReason } from "./snippet";

export interface RangeCandidate extends FileRange {
  readonly score: number;
  readonly reason: SnippetReason;
}

export interface RangeSources {
  readonly edited: readonly FileRange[];
  readonly viewed: readonly FileRange[];
}

const MOST_CHUNKS = 12;
const MOST_RECENT = 8;
/** A recent place is given with so many lines around it. */
const LINES_AROUND = 6;
/** How much the newest place gains; the next ones gain less by this factor. */
const EDITED_GAIN = 0.35;
const VIEWED_GAIN = 0.15;
const GAIN_FACTOR = 0.8;

export function rangeCandidates(
  corpus: Corpus,
  window: LiveWindow,
  sources: RangeSources,
  livePath: string,
): RangeCandidate[] {
  const similar = corpus.chunks
    .search(window.terms, MOST_CHUNKS)
    .map((chunk) => ({ ...chunk, reason: "similar" as const, gain: 0 }));
  const candidates = [
    ...recent(sources.edited, "recently edited", EDITED_GAIN, corpus),
    ...recent(sources.viewed, "recently viewed", VIEWED_GAIN, corpus),
    ...similar,
  ];
  const live = corpus.file(livePath)?.lines ?? [];
  const others = candidates.flatMap((one) => {
    if (one.path !== livePath) return [one];
    return (window.place ? outside(one, window.place) : [one]).flatMap((range) => withoutGone(range, live, window));
  });
  const judged = others.flatMap(({ path, startLine, endLine, reason, gain }) => {
    const lines = corpus.file(path)?.lines.slice(startLine, endLine) ?? [];
    if (window.holdsMostOf(lines)) return [];
    return [{ path, startLine, endLine, reason, gain, coverage: coverage(lines, window, corpus) }];
  });
  const most = Math.max(...judged.map((one) => one.coverage), 1e-9);
  return judged.map(({ coverage, gain, ...range }) => ({ ...range, score: coverage / most + gain })).sort(bestFirst);
}

/** The stretches between the lines that the user has deleted or changed. */
function withoutGone<Range extends LineRange>(range: Range, lines: readonly string[], window: LiveWindow): Range[] {
  const stretches: Range[] = [];
  let { startLine } = range;
  for (let line = startLine; line <= range.endLine; line++) {
    if (line < range.endLine && !window.isGone(lines[line]!)) continue;
    if (startLine < line) stretches.push({ ...range, startLine, endLine: line });
    startLine = line + 1;
  }
  return stretches;
}

function recent(ranges: readonly FileRange[], reason: SnippetReason, newestGain: number, corpus: Corpus) {
  const known = ranges.filter(({ path }) => corpus.has(path)).slice(0, MOST_RECENT);
  return known.map(({ path, startLine, endLine }, age) => ({
    path,
    startLine: Math.max(0, startLine - LINES_AROUND),
    endLine: Math.min(corpus.file(path)!.lines.length, endLine + LINES_AROUND),
    reason,
    gain: newestGain * GAIN_FACTOR ** age,
  }));
}

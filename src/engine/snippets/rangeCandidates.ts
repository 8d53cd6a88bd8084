// Which stretches of code may help: chunks that speak of the same things, and places where the user was.

import type { Corpus } from "./corpus";
import type { LiveWindow } from "./liveWindow";
import type { RecentRange } from "./recentRanges";
import type { LineRange, SnippetReason } from "./snippet";
import { forEachTerm } from "./terms";

export interface RangeCandidate extends LineRange {
  readonly path: string;
  readonly score: number;
  readonly reason: SnippetReason;
}

export interface RangeSources {
  readonly edited: readonly RecentRange[];
  readonly viewed: readonly RecentRange[];
}

const MOST_CHUNKS = 12;
const MOST_RECENT = 8;
/** A recent place is given with so many lines around it. */
const LINES_AROUND = 6;
/** How much the newest place gains; the next ones gain less by this factor. */
const EDITED_GAIN = 0.35;
const VIEWED_GAIN = 0.15;
const GAIN_FACTOR = 0.8;
/** Of two texts that have so much in common, one is a copy. */
const COPY = 0.6;

export function rangeCandidates(
  corpus: Corpus,
  window: LiveWindow,
  sources: RangeSources,
  livePath: string,
): RangeCandidate[] {
  const similar = corpus
    .search(window.terms, MOST_CHUNKS)
    .map((chunk) => ({ ...chunk, reason: "similar" as const, gain: 0 }));
  const candidates = [
    ...recent(sources.edited, "recently edited", EDITED_GAIN, corpus),
    ...recent(sources.viewed, "recently viewed", VIEWED_GAIN, corpus),
    ...similar,
  ];
  const judged = candidates.flatMap(({ path, startLine, endLine, reason, gain }) => {
    const lines = corpus.file(path)?.lines.slice(startLine, endLine) ?? [];
    // Of the live file nothing that the window may hold; of another nothing that is a copy of it.
    const held = window.shareHeld(lines);
    if (path === livePath ? held > 0 : held > COPY) return [];
    return [{ path, startLine, endLine, reason, gain, coverage: coverage(lines, window, corpus) }];
  });
  const most = Math.max(...judged.map((one) => one.coverage), 1e-9);
  return judged
    .map(({ coverage, gain, ...range }) => ({ ...range, score: coverage / most + gain }))
    .sort((a, b) => b.score - a.score || (a.path === b.path ? a.startLine - b.startLine : a.path < b.path ? -1 : 1));
}

function recent(ranges: readonly RecentRange[], reason: SnippetReason, newestGain: number, corpus: Corpus) {
  const known = ranges.filter(({ path }) => corpus.has(path)).slice(0, MOST_RECENT);
  return known.map(({ path, startLine, endLine }, age) => ({
    path,
    startLine: Math.max(0, startLine - LINES_AROUND),
    endLine: Math.min(corpus.file(path)!.lines.length, endLine + LINES_AROUND),
    reason,
    gain: newestGain * GAIN_FACTOR ** age,
  }));
}

/** What is asked for: terms → weight. */
export type WantedTerms = Pick<LiveWindow, "terms">;

/** How much of what the cursor's surroundings speak of is in the lines: the rarer, the more. */
export function coverage(lines: readonly string[], window: WantedTerms, corpus: Corpus): number {
  const text = lines.join("\n");
  const seen = new Set<number>();
  let sum = 0;
  forEachTerm(text, 0, text.length, (term) => {
    const weight = window.terms.get(term);
    if (weight === undefined || seen.has(term)) return;
    seen.add(term);
    sum += weight * corpus.rarity(term);
  });
  return sum;
}

/** The part of a range that says most of what the window asks for, in at most so many characters; whole lines. */
export function bestPart(
  range: LineRange,
  lines: readonly string[],
  characters: number,
  window: WantedTerms,
  corpus: Corpus,
): LineRange | undefined {
  const values: number[] = [];
  const seen = new Set<number>();
  for (let line = range.startLine; line < range.endLine; line++) {
    let value = lines[line]!.trim() === "" ? 0 : 0.01;
    forEachTerm(lines[line]!, 0, lines[line]!.length, (term) => {
      const weight = window.terms.get(term);
      if (weight === undefined) return;
      value += weight * corpus.rarity(term) * (seen.has(term) ? 0.2 : 1);
      seen.add(term);
    });
    values.push(value);
  }
  let best: LineRange | undefined;
  let bestValue = 0;
  let start = range.startLine;
  let value = 0;
  let size = 0;
  for (let line = range.startLine; line < range.endLine; line++) {
    value += values[line - range.startLine]!;
    size += lines[line]!.length + 1;
    while (size - 1 > characters && start <= line) {
      value -= values[start - range.startLine]!;
      size -= lines[start]!.length + 1;
      start++;
    }
    if (start <= line && value > bestValue + 1e-9) {
      bestValue = value;
      best = { startLine: start, endLine: line + 1 };
    }
  }
  return best;
}

// How much lines say of what is asked for, be it by the text around the cursor or by a question.

import { isBlank } from "../../text/lines";
import type { Corpus } from "./corpus";
import type { LineRange } from "./lineRange";
import { forEachTerm } from "./terms";

/** What is asked for: terms → weight. */
export interface WantedTerms {
  readonly terms: ReadonlyMap<number, number>;
  /** What a line of its kind is worth, 0 to 1; absent: 1. */
  worthOf?(line: string): number;
}

/** How much of what is asked for is in the lines. */
export function coverage(lines: readonly string[], wanted: WantedTerms, corpus: Corpus): number {
  const values = new Map<number, number>();
  for (const line of lines) {
    forEachWanted(line, wanted, corpus, (term, value) => {
      values.set(term, Math.max(values.get(term) ?? 0, value));
    });
  }
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}

/** The part of a range that says most of what is asked for, in at most so many characters; whole lines. */
export function bestPart(
  range: LineRange,
  lines: readonly string[],
  characters: number,
  wanted: WantedTerms,
  corpus: Corpus,
): LineRange | undefined {
  const seen = new Set<number>();
  const values = lines.slice(range.startLine, range.endLine).map((line) => {
    let sum = isBlank(line) ? 0 : 0.01;
    forEachWanted(line, wanted, corpus, (term, value) => {
      sum += value * (seen.has(term) ? 0.2 : 1);
      seen.add(term);
    });
    return sum;
  });
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

/** Each wanted term of a line, and what it says there: the rarer, the more. */
function forEachWanted(line: string, wanted: WantedTerms, corpus: Corpus, use: (term: number, value: number) => void) {
  const worth = wanted.worthOf?.(line) ?? 1;
  forEachTerm(line, (term) => {
    const weight = wanted.terms.get(term);
    if (weight !== undefined) use(term, worth * weight * corpus.chunks.rarity(term));
  });
}

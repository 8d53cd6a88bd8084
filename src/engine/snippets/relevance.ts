// How much lines say of what is asked for, be it by the text around the cursor or by a question.

import { isBlank } from "../../text/lines";
import type { Corpus } from "./corpus";
import type { LineRange } from "./snippet";
import { forEachTerm } from "./terms";

/** What is asked for: terms → weight. */
export interface WantedTerms {
  readonly terms: ReadonlyMap<number, number>;
}

/** How much of what is asked for is in the lines: the rarer, the more. */
export function coverage(lines: readonly string[], wanted: WantedTerms, corpus: Corpus): number {
  const text = lines.join("\n");
  const seen = new Set<number>();
  let sum = 0;
  forEachTerm(text, (term) => {
    const weight = wanted.terms.get(term);
    if (weight === undefined || seen.has(term)) return;
    seen.add(term);
    sum += weight * corpus.rarity(term);
  });
  return sum;
}

/** The part of a range that says most of what is asked for, in at most so many characters; whole lines. */
export function bestPart(
  range: LineRange,
  lines: readonly string[],
  characters: number,
  wanted: WantedTerms,
  corpus: Corpus,
): LineRange | undefined {
  const values: number[] = [];
  const seen = new Set<number>();
  for (let line = range.startLine; line < range.endLine; line++) {
    let value = isBlank(lines[line]!) ? 0 : 0.01;
    forEachTerm(lines[line]!, (term) => {
      const weight = wanted.terms.get(term);
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

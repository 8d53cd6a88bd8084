// Packs the candidates into the budget: signatures first, then the best part of similar and recent code, then what
// signatures still fit. No line is given twice.

import type { Corpus } from "./corpus";
import type { DefinitionCandidate } from "./definitionCandidates";
import { Excerpt, nameLine, signatureLines } from "./excerpt";
import { bestFirst, type LineRange, overlap } from "./lineRange";
import type { LiveWindow } from "./liveWindow";
import type { RangeCandidate } from "./rangeCandidates";
import { bestPart } from "./relevance";
import { type Snippet, type SnippetReason, snippetCost } from "./snippet";

// Shares found by holding out lines of real repositories; the names that the line needs must be in the snippets.
/** Of the budget, for signatures, while there are ranges that want the rest. */
const DEFINITION_SHARE = 0.6;
/** Of the budget, for one range. */
const RANGE_SHARE = 0.35;
/** Less than this is not worth a path. */
const SHORTEST_RANGE = 80;
/** Ranges say less than the definition of a name that is used. */
const RANGE_WEIGHT = 0.5;
/** A definition that is so much worse than the best is noise, and its path costs as much as another signature. */
const WORST_DEFINITION = 0.15;
/** A range that is so much worse than the best is noise. */
const WORST_RANGE = 0.35;

export function chooseSnippets(
  definitions: readonly DefinitionCandidate[],
  ranges: readonly RangeCandidate[],
  budgetCharacters: number,
  corpus: Corpus,
  window: LiveWindow,
): Snippet[] {
  const packing = new Packing(budgetCharacters, corpus, window);
  packing.addDefinitions(definitions, ranges.length > 0 ? DEFINITION_SHARE * budgetCharacters : budgetCharacters);
  packing.addRanges(ranges, RANGE_SHARE * budgetCharacters);
  packing.addDefinitions(definitions, budgetCharacters);
  return packing.snippets();
}

interface ChosenExcerpt {
  readonly excerpt: Excerpt;
  readonly path: string;
  readonly score: number;
  readonly reason: SnippetReason;
}

class Packing {
  readonly #excerpts = new Map<string, ChosenExcerpt>();
  readonly #ranges: Snippet[] = [];
  #used = 0;

  constructor(
    private readonly budget: number,
    private readonly corpus: Corpus,
    private readonly window: LiveWindow,
  ) {}

  /** @param limit of the budget, for all until now */
  addDefinitions(candidates: readonly DefinitionCandidate[], limit: number): void {
    const worst = WORST_DEFINITION * (candidates[0]?.score ?? 0);
    for (const { path, index, score, reason } of candidates) {
      if (score < worst) break;
      const file = this.corpus.file(path)!;
      const known = this.#excerpts.get(path);
      const excerpt = known?.excerpt ?? new Excerpt(file);
      const missing = excerpt.missingFor(index);
      // The class around it may be in the prompt: a member that is not is told with it.
      if (missing.length === 0 || this.window.holdsLine(nameLine(file, index))) continue;
      if (missing.some((one) => this.#givesAgain(path, signatureLines(file, one)))) continue;
      const cost = excerpt.costOf(missing) + (known ? 0 : snippetCost({ path, text: "" }));
      if (this.#used + cost > limit) continue;
      excerpt.add(missing);
      if (!known) this.#excerpts.set(path, { excerpt, path, score, reason });
      this.#used += cost;
    }
  }

  addRanges(candidates: readonly RangeCandidate[], longest: number): void {
    const bestScore = candidates[0]?.score ?? 0;
    for (const { path, startLine, endLine, score, reason } of candidates) {
      if (score < WORST_RANGE * bestScore) break;
      const { lines } = this.corpus.file(path)!;
      const room = Math.min(longest, this.budget - this.#used) - snippetCost({ path, text: "" });
      if (room < SHORTEST_RANGE) continue;
      const part = bestPart({ startLine, endLine }, lines, room, this.window, this.corpus);
      if (!part || this.#givesAgain(path, part) || this.#overlapsSignatures(path, part)) continue;
      const partLines = lines.slice(part.startLine, part.endLine);
      const text = partLines.join("\n").trimEnd();
      // What it has in common with the window may be all that there is room for.
      if (this.#isCopy(text) || this.window.holdsMostOf(partLines)) continue;
      this.#ranges.push({ path, ...part, text, score: score * RANGE_WEIGHT, reason });
      this.#used += snippetCost({ path, text });
    }
  }

  /** The most relevant last. */
  snippets(): Snippet[] {
    const excerpts = [...this.#excerpts.values()].map(({ excerpt, path, score, reason }) => {
      return { path, ...excerpt.range, text: excerpt.text, score, reason };
    });
    return [...excerpts, ...this.#ranges].sort((a, b) => bestFirst(b, a));
  }

  #givesAgain(path: string, lines: LineRange): boolean {
    return this.#ranges.some((range) => range.path === path && overlap(range, lines));
  }

  #overlapsSignatures(path: string, part: LineRange): boolean {
    return this.#excerpts.get(path)?.excerpt.lines.some((line) => overlap(line, part)) ?? false;
  }

  #isCopy(text: string): boolean {
    return this.#ranges.some((range) => range.text === text);
  }
}

// The chunks of the repository's files by their terms: how rare a term is among them, and which of them say most of what is wanted.

import { bestFirst, type FileRange, type LineRange } from "./lineRange";
import { countsOf, Postings } from "./postings";
import { forEachTerm } from "./terms";

/** Terms that mean the same. */
interface WeightedForms {
  readonly forms: ReadonlySet<number>;
  readonly weight: number;
}

export interface FoundChunk extends FileRange {
  readonly score: number;
}

// BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009).
const K1 = 1.2;
const B = 0.75;
/** Per search, the rarest terms first: what is left out then is everywhere and tells little. */
const MOST_POSTINGS = 30_000;

/** In no chunk at all. */
const NO_TERM = -1;
const BYTES_PER_CHUNK = 120;

export class ChunkIndex {
  readonly #postings = new Postings();
  /** By item: where it is, and how many terms it has. */
  readonly #places: (FileRange | undefined)[] = [];
  readonly #lengths: number[] = [];
  #count = 0;
  #termCount = 0;
  #scores = new Float32Array(0);

  /** @returns its item */
  add(place: FileRange, lines: readonly string[]): number {
    const terms = termsOf(lines, place);
    const item = this.#postings.add(countsOf(terms));
    this.#places[item] = place;
    this.#lengths[item] = terms.length;
    this.#count++;
    this.#termCount += terms.length;
    return item;
  }

  /** @param lines  those it was added with */
  remove(item: number, lines: readonly string[]): void {
    this.#postings.remove(item, countsOf(termsOf(lines, this.#places[item]!)).keys());
    this.#count--;
    this.#termCount -= this.#lengths[item]!;
    this.#places[item] = undefined;
  }

  sweepOn(): void {
    this.#postings.sweepOn();
  }

  /** Whether any chunk has the term. */
  has(term: number): boolean {
    return this.#postings.frequency(term) > 0;
  }

  /** How rare a term is: BM25's inverse document frequency. */
  rarity(term: number): number {
    return this.#rarityAt(this.#postings.frequency(term));
  }

  /** 1 for a name of one place, less for one that everybody uses, down to 0. */
  rarityOfName(name: string): number {
    let rarity = 0;
    forEachTerm(name, (term, isWhole) => {
      if (isWhole) rarity = this.rarity(term);
    });
    return Math.sqrt(rarity / Math.max(1, this.rarity(NO_TERM)));
  }

  /** The same for several terms as one; a chunk that has more of them counts for each. */
  rarityOfAny(terms: Iterable<number>): number {
    let frequency = 0;
    for (const term of terms) frequency += this.#postings.frequency(term);
    return this.#rarityAt(Math.min(frequency, this.#count));
  }

  /** The chunks that have most of the weighted terms; best first, ties by path and line. */
  search(query: ReadonlyMap<number, number>, limit: number): FoundChunk[] {
    const terms = [...query].sort(([a], [b]) => a - b);
    return this.searchForms(
      terms.map(([term, weight]) => ({ forms: new Set([term]), weight })),
      limit,
    );
  }

  /** The chunks that have most of what is wanted, in whatever form. */
  searchForms(wanted: readonly WeightedForms[], limit: number): FoundChunk[] {
    if (this.#count === 0) return [];
    const scores = this.#emptyScores();
    const touched: number[] = [];
    const lengths = this.#lengths;
    const averageLength = this.#termCount / this.#count;
    let postings = 0;
    for (const { forms, weight } of this.#rarestFirst(wanted)) {
      for (const term of forms) postings += this.#postings.frequency(term);
      if (postings > MOST_POSTINGS && touched.length > 0) break;
      this.#forEachCount(forms, (item, count) => {
        if (scores[item] === 0) touched.push(item);
        const norm = K1 * (1 - B + (B * lengths[item]!) / averageLength);
        scores[item]! += (weight * count * (K1 + 1)) / (count + norm);
      });
    }
    const found = this.#best(touched, limit);
    for (const item of touched) scores[item] = 0;
    return found;
  }

  /** About. */
  get bytes(): number {
    return this.#postings.bytes + BYTES_PER_CHUNK * this.#count;
  }

  /** Of every chunk, 0; whoever sets some sets them back. */
  #emptyScores(): Float32Array {
    const { itemLimit } = this.#postings;
    if (this.#scores.length < itemLimit) this.#scores = new Float32Array(itemLimit + 1024);
    return this.#scores;
  }

  /** How often the chunks have any of the terms. */
  #forEachCount(forms: ReadonlySet<number>, use: (item: number, count: number) => void): void {
    if (forms.size === 1) {
      for (const term of forms) this.#postings.forEach(term, use);
      return;
    }
    const counts = new Map<number, number>();
    for (const term of forms) {
      this.#postings.forEach(term, (item, count) => counts.set(item, (counts.get(item) ?? 0) + count));
    }
    for (const [item, count] of counts) use(item, count);
  }

  /** Weighted by how rare they are. */
  #rarestFirst(wanted: readonly WeightedForms[]): WeightedForms[] {
    const weighted = wanted.map(({ forms, weight }) => ({ forms, weight: weight * this.rarityOfAny(forms) }));
    return weighted.sort((a, b) => b.weight - a.weight);
  }

  #rarityAt(frequency: number): number {
    return Math.log(1 + (this.#count - frequency + 0.5) / (frequency + 0.5));
  }

  #best(items: readonly number[], limit: number): FoundChunk[] {
    const best: FoundChunk[] = [];
    for (const item of items) {
      const score = this.#scores[item]!;
      if (best.length >= limit && score < best.at(-1)!.score) continue;
      const place = this.#places[item]!;
      const chunk = { ...place, score };
      let at = best.length;
      while (at > 0 && bestFirst(chunk, best[at - 1]!) < 0) at--;
      best.splice(at, 0, chunk);
      if (best.length > limit) best.pop();
    }
    return best;
  }
}

function termsOf(lines: readonly string[], { startLine, endLine }: LineRange): number[] {
  const terms: number[] = [];
  forEachTerm(lines.slice(startLine, endLine).join("\n"), (term) => terms.push(term));
  return terms;
}

// What is known of the repository's files: their chunks by terms, their definitions by name, their paths.
// A file can be replaced and removed; nothing of it remains in what is found then.

import { Packages } from "./imports/packages";
import { receivingType } from "./outline";
import { PackedFiles, type ParsedFile } from "./packedFiles";
import { PathIndex } from "./pathIndex";
import { Postings } from "./postings";
import type { LineRange } from "./snippet";
import { forEachTerm, nameHash } from "./terms";

interface ChunkPlace extends LineRange {
  readonly path: string;
}

/** Terms that mean the same, each with how surely it does. */
interface WeightedForms {
  readonly forms: ReadonlyMap<number, number>;
  readonly weight: number;
}

export interface FoundChunk extends ChunkPlace {
  readonly score: number;
}

// BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009).
const K1 = 1.2;
const B = 0.75;
/** Per search, the rarest terms first: what is left out then is everywhere and tells little. */
const MOST_POSTINGS = 30_000;

/** In terms; it is kept in 16 bits. */
const LONGEST_CHUNK = 0xffff;
/** In no chunk at all. */
const NO_TERM = -1;

export class Corpus {
  readonly paths = new PathIndex();
  readonly packages = new Packages();
  readonly #files = new PackedFiles();
  readonly #chunks = new Postings();
  readonly #definitions = new Postings();
  /** Per file: its item among the definitions, and its chunks' items. */
  readonly #items = new Map<string, { definitions: number; chunks: number[] }>();
  /** Per chunk item: where it is, and how many terms it has. */
  readonly #places: (ChunkPlace | undefined)[] = [];
  #lengths = new Uint16Array(1024);
  readonly #definingPaths: string[] = [];
  #chunkCount = 0;
  #termCount = 0;
  #scores = new Float32Array(0);

  set(path: string, file: ParsedFile): void {
    this.#remove(path);
    this.#files.set(path, file);
    this.paths.add(path);
    this.packages.set(path, file.lines);
    const definitions = this.#definitions.add(countsOf(namesOf(file)));
    this.#definingPaths[definitions] = path;
    const chunks = file.chunks.map((chunk) => {
      const terms = termsOf(file, chunk);
      const item = this.#chunks.add(terms.counts);
      this.#places[item] = { path, ...chunk };
      if (item >= this.#lengths.length) this.#lengths = longer(this.#lengths);
      this.#lengths[item] = terms.length;
      this.#chunkCount++;
      this.#termCount += terms.length;
      return item;
    });
    this.#items.set(path, { definitions, chunks });
    this.#sweepOn();
  }

  delete(path: string): void {
    this.#remove(path);
    this.#sweepOn();
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  file(path: string): ParsedFile | undefined {
    return this.#files.get(path);
  }

  touch(path: string): void {
    this.#files.touch(path);
  }

  /** The file that was neither changed nor touched for the longest time. */
  get oldest(): string | undefined {
    return this.#files.paths().next().value;
  }

  /** How many files define the name. */
  definitionCount(name: string): number {
    return this.#definitions.frequency(nameHash(name));
  }

  /** Of the files that define the name, those that are accepted. */
  pathsDefining(name: string, accept: (path: string) => boolean = () => true): string[] {
    return this.#pathsWith(nameHash(name), accept);
  }

  /** Of the files that have methods which stand outside of the type, those that are accepted. */
  pathsWithMethodsOf(type: string, accept: (path: string) => boolean): string[] {
    return this.#pathsWith(methodsHash(type), accept);
  }

  /** How rare a term is: BM25's inverse document frequency. */
  rarity(term: number): number {
    return this.#rarityAt(this.#chunks.frequency(term));
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
    for (const term of terms) frequency += this.#chunks.frequency(term);
    return this.#rarityAt(Math.min(frequency, this.#chunkCount));
  }

  /** The chunks that have most of the weighted terms; best first, ties by path and line. */
  search(query: ReadonlyMap<number, number>, limit: number): FoundChunk[] {
    if (this.#chunkCount === 0) return [];
    const scores = this.#emptyScores();
    const touched: number[] = [];
    const lengths = this.#lengths;
    const averageLength = this.#termCount / this.#chunkCount;
    let postings = 0;
    for (const { term, weight } of this.#byImportance(query)) {
      postings += this.#chunks.frequency(term);
      if (postings > MOST_POSTINGS && touched.length > 0) break;
      this.#chunks.forEach(term, (item, count) => {
        if (scores[item] === 0) touched.push(item);
        const norm = K1 * (1 - B + (B * lengths[item]!) / averageLength);
        scores[item]! += (weight * count * (K1 + 1)) / (count + norm);
      });
    }
    const found = this.#best(touched, limit);
    for (const item of touched) scores[item] = 0;
    return found;
  }

  /** The chunks that have most of the weighted concepts, in whatever form; best first. */
  searchConcepts(concepts: readonly WeightedForms[], limit: number): FoundChunk[] {
    if (this.#chunkCount === 0) return [];
    const scores = this.#emptyScores();
    const touched: number[] = [];
    const averageLength = this.#termCount / this.#chunkCount;
    let postings = 0;
    for (const { forms, weight } of this.#rarestFirst(concepts)) {
      for (const term of forms.keys()) postings += this.#chunks.frequency(term);
      if (postings > MOST_POSTINGS && touched.length > 0) break;
      for (const [item, count] of this.#countsOf(forms)) {
        if (scores[item] === 0) touched.push(item);
        const norm = K1 * (1 - B + (B * this.#lengths[item]!) / averageLength);
        scores[item]! += (weight * count * (K1 + 1)) / (count + norm);
      }
    }
    const found = this.#best(touched, limit);
    for (const item of touched) scores[item] = 0;
    return found;
  }

  get fileCount(): number {
    return this.#files.size;
  }

  /** About. */
  get bytes(): number {
    const perChunk = 120;
    const perFile = 700;
    const tables = perChunk * this.#chunkCount + perFile * this.#files.size;
    return this.#files.bytes + this.#chunks.bytes + this.#definitions.bytes + tables;
  }

  #pathsWith(hash: number, accept: (path: string) => boolean): string[] {
    const paths: string[] = [];
    this.#definitions.forEach(hash, (item) => {
      const path = this.#definingPaths[item]!;
      if (accept(path)) paths.push(path);
    });
    return paths.sort();
  }

  #remove(path: string): void {
    const items = this.#items.get(path);
    const file = this.#files.get(path);
    if (!items || !file) return;
    this.#definitions.remove(items.definitions, countsOf(namesOf(file)).keys());
    for (const [index, item] of items.chunks.entries()) {
      this.#chunks.remove(item, termsOf(file, file.chunks[index]!).counts.keys());
      this.#chunkCount--;
      this.#termCount -= this.#lengths[item]!;
      this.#places[item] = undefined;
    }
    this.#items.delete(path);
    this.#files.delete(path);
    this.paths.remove(path);
    this.packages.delete(path);
  }

  /** A step for each file, however many chunks it has. */
  #sweepOn(): void {
    this.#chunks.sweepOn();
    this.#definitions.sweepOn();
  }

  #byImportance(query: ReadonlyMap<number, number>): { term: number; weight: number }[] {
    const terms = [...query].map(([term, weight]) => ({ term, weight: weight * this.rarity(term) }));
    const known = terms.filter(({ term }) => this.#chunks.frequency(term) > 0);
    return known.sort((a, b) => b.weight - a.weight || a.term - b.term);
  }

  /** Of every chunk, 0; whoever sets some sets them back. */
  #emptyScores(): Float32Array {
    if (this.#scores.length < this.#chunks.itemLimit) this.#scores = new Float32Array(this.#chunks.itemLimit + 1024);
    return this.#scores;
  }

  /** How often the chunks have any of the terms; the less surely it means the same, the less it counts. */
  #countsOf(forms: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const [term, sureness] of forms) {
      this.#chunks.forEach(term, (item, count) => counts.set(item, (counts.get(item) ?? 0) + sureness * count));
    }
    return counts;
  }

  /** Weighted by how rare they are. */
  #rarestFirst(concepts: readonly WeightedForms[]): WeightedForms[] {
    const weighted = concepts.map(({ forms, weight }) => ({ forms, weight: weight * this.rarityOfAny(forms.keys()) }));
    return weighted.sort((a, b) => b.weight - a.weight);
  }

  #rarityAt(frequency: number): number {
    return Math.log(1 + (this.#chunkCount - frequency + 0.5) / (frequency + 0.5));
  }

  #best(items: readonly number[], limit: number): FoundChunk[] {
    const best: FoundChunk[] = [];
    for (const item of items) {
      const score = this.#scores[item]!;
      if (best.length >= limit && score < best.at(-1)!.score) continue;
      const place = this.#places[item]!;
      const chunk = { ...place, score };
      let at = best.length;
      while (at > 0 && isBetter(chunk, best[at - 1]!)) at--;
      best.splice(at, 0, chunk);
      if (best.length > limit) best.pop();
    }
    return best;
  }
}

function isBetter(a: FoundChunk, b: FoundChunk): boolean {
  if (a.score !== b.score) return a.score > b.score;
  return a.path === b.path ? a.startLine < b.startLine : a.path < b.path;
}

function namesOf(file: ParsedFile): number[] {
  return file.outline.flatMap((definition) => {
    const type = receivingType(definition);
    return type === undefined ? nameHash(definition.name) : [nameHash(definition.name), methodsHash(type)];
  });
}

/** No name has a bracket. */
function methodsHash(type: string): number {
  return nameHash(`(${type})`);
}

function termsOf(file: ParsedFile, { startLine, endLine }: LineRange): { counts: Map<number, number>; length: number } {
  const text = file.lines.slice(startLine, endLine).join("\n");
  const terms: number[] = [];
  forEachTerm(text, (term) => terms.push(term));
  return { counts: countsOf(terms), length: Math.min(terms.length, LONGEST_CHUNK) };
}

function countsOf(terms: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function longer(array: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const copy = new Uint16Array(Math.ceil(array.length * 1.5));
  copy.set(array);
  return copy;
}

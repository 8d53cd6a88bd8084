// The exact memory: every token of the repository, indexed by what stands before it. A recurrence remembers style, not
// strings; this remembers strings. Knows token ids only; no text, no files, no clock.
//
// The index is a short list of sorted segments, as in a log-structured merge tree: new documents become a small segment,
// and segments of similar size are merged. 8 bytes a token at rest, as much again for what is being merged.

import type { TokenId } from "../model/model";
import { type Building, mergeSegments, type NewDocument, sortDocuments } from "./building";
import { type Match, matchesInSegment } from "./matches";
import { deadTokens, type MemoryDocument, type Segment, segmentBytes } from "./segment";

/** Tokens of new documents that are sorted together. */
const BATCH_TOKENS = 16_384;
/** Work of one call, in comparisons: about two milliseconds. */
const SLICE = 10_000;
/** A segment of which more is dead than this share is written anew. */
const MOST_DEAD = 0.3;

interface Job {
  readonly building: Building;
  /** What the result takes the place of. */
  readonly replaces: readonly Segment[];
}

/** One count for the whole process, so that a folder that is closed and opened again has no epoch that it had before. */
let epochs = 0;

export class ExactMemory {
  readonly #documents = new Map<string, MemoryDocument>();
  /** Waiting to be sorted. */
  #added: NewDocument[] = [];
  /** Large to small. */
  #segments: Segment[] = [];
  #job: Job | undefined;
  #tokenCount = 0;
  #epoch = ++epochs;

  /** Makes `tokens` the document's tokens. They are found once `work` has sorted them; the old ones no more. */
  setDocument(key: string, tokens: readonly TokenId[] | Int32Array): void {
    this.removeDocument(key);
    // A single token follows nothing.
    if (tokens.length < 2) return;
    const document: MemoryDocument = { key, alive: true, length: tokens.length };
    this.#documents.set(key, document);
    this.#tokenCount += document.length;
    this.#added.push({ document, tokens: Int32Array.from(tokens) });
  }

  /**
   * Removes what may no longer be known, and raises the epoch even if it was removed before: suggestions from until then may
   * have its words.
   */
  forgetDocument(key: string): void {
    this.removeDocument(key);
    this.#epoch = ++epochs;
  }

  removeDocument(key: string): void {
    const document = this.#documents.get(key);
    if (document === undefined) return;
    document.alive = false;
    this.#tokenCount -= document.length;
    this.#documents.delete(key);
    this.#added = this.#added.filter((added) => added.document !== document);
  }

  has(key: string): boolean {
    return this.#documents.has(key);
  }

  /** Counts the document as the newest: all others are older. */
  touch(key: string): void {
    const document = this.#documents.get(key);
    if (document === undefined) return;
    this.#documents.delete(key);
    this.#documents.set(key, document);
  }

  /** The document that was set or touched before all others comes first. */
  *oldestFirst(): Generator<{ readonly key: string; readonly length: number }> {
    yield* this.#documents.values();
  }

  get documentCount(): number {
    return this.#documents.size;
  }

  /** Changes when a document is forgotten. No two memories have the same. */
  get epoch(): number {
    return this.#epoch;
  }

  get tokenCount(): number {
    return this.#tokenCount;
  }

  /** What the index takes, without the memory that a merge needs while it lasts. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segmentBytes(segment), 4 * this.#waitingTokens);
  }

  /**
   * Whether there are enough new documents to sort, or some are being sorted. In smaller batches, each would be merged more
   * often.
   */
  get hasBatch(): boolean {
    return this.#job !== undefined || this.#waitingTokens >= BATCH_TOKENS;
  }

  get #waitingTokens(): number {
    return this.#added.reduce((sum, { tokens }) => sum + tokens.length, 0);
  }

  /** Goes on with sorting and merging for about `steps` comparisons. Returns whether there is more to do. */
  work(steps = SLICE): boolean {
    for (let done = 0; done < steps; ) {
      this.#job ??= this.#nextJob();
      if (this.#job === undefined) return false;
      const { building, replaces } = this.#job;
      const next = building.next();
      if (!next.done) {
        done += next.value;
        continue;
      }
      this.#job = undefined;
      this.#segments = this.#segments.filter((segment) => !replaces.includes(segment));
      if (next.value.order.length > 0) this.#segments.push(next.value);
      this.#segments.sort((a, b) => b.order.length - a.order.length);
    }
    return true;
  }

  /** The places that match the context's end best, in no order; none of the document of key `exclude`. */
  matches(context: ArrayLike<TokenId>, exclude?: string): Match[] {
    return this.#segments.flatMap((segment) => matchesInSegment(segment, context, exclude));
  }

  #nextJob(): Job | undefined {
    if (this.#added.length > 0) return this.#sortNext();
    const dying = this.#segments.find((segment) => deadTokens(segment) > MOST_DEAD * segment.tokens.length);
    if (dying !== undefined) return { building: mergeSegments(dying), replaces: [dying] };
    // The smallest pair of similar size; merging the small ones first keeps the sum of all merges small.
    for (let i = this.#segments.length - 1; i > 0; i--) {
      const newer = this.#segments[i]!;
      const older = this.#segments[i - 1]!;
      if (older.order.length <= 2 * newer.order.length) {
        return { building: mergeSegments(older, newer), replaces: [older, newer] };
      }
    }
    return undefined;
  }

  #sortNext(): Job {
    let tokens = 0;
    let count = 0;
    while (count < this.#added.length && (count === 0 || tokens < BATCH_TOKENS)) {
      tokens += this.#added[count++]!.tokens.length;
    }
    const batch = this.#added.slice(0, count);
    this.#added = this.#added.slice(count);
    return { building: sortDocuments(batch), replaces: [] };
  }
}

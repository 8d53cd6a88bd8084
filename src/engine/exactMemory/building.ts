// Makes segments: sorts new documents into one, and merges segments into larger ones without their removed documents.
// Both go step by step, so that whoever pumps them decides how long a stall may be.

import type { TokenId } from "../model/model";
import { BORDER, documentAt, LONGEST_MATCH, type MemoryDocument, type Segment } from "./segment";

/** Yields the work done since it yielded last, in comparisons or what takes as long; returns what was made. */
export type Building = Generator<number, Segment>;

/** Comparisons between two yields. */
const STEPS = 1_000;
/** Places that are sorted by insertion before merging begins. */
const SHORT_RUN = 16;

export interface NewDocument {
  readonly document: MemoryDocument;
  readonly tokens: ArrayLike<TokenId>;
}

/** Sorts the documents' places into a segment. */
export function* sortDocuments(added: readonly NewDocument[]): Building {
  const { tokens, starts } = layOut(added.map(({ document }) => document));
  const order = new Int32Array(tokens.length - 2 * added.length); // Neither the borders nor the first tokens.
  let count = 0;
  for (const [index, document] of added.entries()) {
    const first = starts[index]! + 1;
    tokens.set(document.tokens as ArrayLike<number>, first);
    // A document's first token has no place: nothing stands before it.
    for (let place = first + 1; place < first + document.tokens.length; place++) order[count++] = place;
    yield document.tokens.length >> 4;
  }
  const sorted = yield* mergeSort(tokens, order);
  return { tokens, order: sorted, documents: added.map(({ document }) => document), starts };
}

/** One segment of what is alive in both (or in one, given alone). */
export function* mergeSegments(older: Segment, newer?: Segment): Building {
  const sources = newer === undefined ? [older] : [older, newer];
  const kept = sources.flatMap((segment) =>
    [...segment.documents.keys()]
      .filter((index) => segment.documents[index]!.alive)
      .map((index) => ({ segment, index })),
  );
  const documents = kept.map(({ segment, index }) => segment.documents[index]!);
  const { tokens, starts } = layOut(documents);
  const shifts = new Map(sources.map((segment) => [segment, new Int32Array(segment.documents.length).fill(DROPPED)]));
  for (const [at, { segment, index }] of kept.entries()) {
    const from = segment.starts[index]!;
    const { length } = segment.documents[index]!;
    tokens.set(segment.tokens.subarray(from, from + length + 1), starts[at]!);
    shifts.get(segment)![index] = starts[at]! - from;
    yield length >> 4;
  }
  const runs: Int32Array[] = [];
  for (const segment of sources) runs.push(yield* shifted(segment, shifts.get(segment)!));
  const order = new Int32Array(runs.reduce((sum, run) => sum + run.length, 0));
  const all = new Int32Array(order.length);
  all.set(runs[0]!);
  if (runs.length > 1) all.set(runs[1]!, runs[0]!.length);
  yield all.length >> 4;
  yield* mergeRuns(tokens, all, order, 0, runs[0]!.length, all.length);
  return { tokens, order, documents, starts };
}

const DROPPED = 0x7fffffff;

/** Room for the documents, with their borders in place. */
function layOut(documents: readonly MemoryDocument[]) {
  const starts = new Int32Array(documents.length);
  let size = 0;
  for (const [index, { length }] of documents.entries()) {
    starts[index] = size;
    size += length + 1;
  }
  const tokens = new Int32Array(size);
  for (const start of starts) tokens[start] = BORDER;
  return { tokens, starts };
}

/** A segment's places where they will be; those of dropped documents are left out. */
function* shifted(segment: Segment, shifts: Int32Array): Generator<number, Int32Array> {
  const places = new Int32Array(segment.order.length);
  let count = 0;
  for (let i = 0; i < segment.order.length; i++) {
    const place = segment.order[i]!;
    const shift = shifts[documentAt(segment, place)]!;
    if (shift !== DROPPED) places[count++] = place + shift;
    if (i % STEPS === STEPS - 1) yield STEPS / 2;
  }
  return places.subarray(0, count);
}

/** Sorts places, bottom up. */
function* mergeSort(tokens: Int32Array, order: Int32Array): Generator<number, Int32Array> {
  let from: Int32Array = order;
  let to: Int32Array = new Int32Array(order.length);
  for (let start = 0; start < order.length; start += SHORT_RUN) {
    insertionSort(tokens, order, start, Math.min(start + SHORT_RUN, order.length));
    yield SHORT_RUN * 4;
  }
  for (let width = SHORT_RUN; width < order.length; width *= 2) {
    for (let start = 0; start < order.length; start += 2 * width) {
      const middle = Math.min(start + width, order.length);
      yield* mergeRuns(tokens, from, to, start, middle, Math.min(middle + width, order.length));
    }
    [from, to] = [to, from];
  }
  return from;
}

function insertionSort(tokens: Int32Array, order: Int32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const place = order[i]!;
    let at = i;
    for (; at > start && isBefore(tokens, place, order[at - 1]!); at--) order[at] = order[at - 1]!;
    order[at] = place;
  }
}

/** Merges the sorted from[start..middle) and from[middle..end) into to[start..end). */
function* mergeRuns(
  tokens: Int32Array,
  from: Int32Array,
  to: Int32Array,
  start: number,
  middle: number,
  end: number,
): Generator<number, void> {
  let left = start;
  let right = middle;
  let at = start;
  while (at < end) {
    const stop = Math.min(end, at + STEPS);
    const began = at;
    while (at < stop) {
      const takesLeft = right === end || (left < middle && !isBefore(tokens, from[right]!, from[left]!));
      to[at++] = takesLeft ? from[left++]! : from[right++]!;
    }
    yield at - began;
  }
}

/** Whether the tokens before place `a`, read backwards, sort before those before place `b`. */
function isBefore(tokens: Int32Array, a: number, b: number): boolean {
  for (let length = 1; length <= LONGEST_MATCH; length++) {
    const difference = tokens[a - length]! - tokens[b - length]!;
    if (difference !== 0) return difference < 0;
    if (tokens[a - length] === BORDER) return false;
  }
  return false;
}

// A part of the exact memory: some documents' tokens, and all their places in the order of what stands before them.
//
// A place p stands for "token p follows the tokens before it". Places are sorted by the text before them read backwards,
// so all places after the same last tokens lie together, and the longest match of a context is where the context itself
// would be sorted in. (A suffix array of the reversed text, cut at a depth: infini-gram, arXiv 2401.17377, sorts the
// other way round and must search once for each length.) Documents are set apart by a border that matches nothing.

import type { TokenId } from "../model/model";

/** Tokens of context that are compared: a longer match says no more about what follows. */
export const LONGEST_MATCH = 32;
/** Stands before every document's first token. */
export const BORDER = -1;

export interface MemoryDocument {
  readonly key: string;
  /** False once it was removed or replaced; its places are skipped, and left out when segments merge. */
  alive: boolean;
  /** Tokens, without the border. */
  readonly length: number;
}

export interface Segment {
  /** Each document's tokens after a border. */
  readonly tokens: Int32Array;
  /** Places, sorted. */
  readonly order: Int32Array;
  readonly documents: readonly MemoryDocument[];
  /** Where each document's border stands in `tokens`, ascending. */
  readonly starts: Int32Array;
}

/** The index of the document that a place belongs to. */
export function documentAt({ starts }: Segment, place: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** Tokens of removed documents. */
export function deadTokens({ documents }: Segment): number {
  return documents.reduce((sum, { alive, length }) => sum + (alive ? 0 : length + 1), 0);
}

export function segmentBytes({ tokens, order, starts }: Segment): number {
  return tokens.byteLength + order.byteLength + starts.byteLength;
}

/** How many tokens before the place are the context's last ones. */
export function matchLength(tokens: ArrayLike<TokenId>, place: number, context: ArrayLike<TokenId>): number {
  const end = context.length;
  const limit = Math.min(LONGEST_MATCH, end);
  let length = 0;
  // A match ends at a border, which no context has, or where the tokens begin.
  while (length < limit && tokens[place - 1 - length] === context[end - 1 - length]) length++;
  return length;
}

/** The first index in `order` whose place is not sorted before the context. */
export function insertionPoint({ tokens, order }: Segment, context: ArrayLike<TokenId>): number {
  const end = context.length;
  const limit = Math.min(LONGEST_MATCH, end);
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = order[middle]!;
    const length = matchLength(tokens, place, context);
    const isBefore = length < limit && tokens[place - 1 - length]! < context[end - 1 - length]!;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

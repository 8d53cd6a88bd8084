// Gathers the places that match a context best: the longest matches of each source, longest first.

import type { TokenId } from "../model/model";
import { documentAt, insertionPoint, matchLength, type Segment } from "./segment";

/** A place where the repository goes on as the context may. */
export interface Match {
  /** What followed there. */
  readonly token: TokenId;
  /** Tokens before it that are the context's last ones. */
  readonly length: number;
}

/** Matches looked at in each source: enough to see whether they agree. */
export const MOST_MATCHES = 32;
/** Places of removed documents that a lookup steps over, at most. */
const MOST_SKIPPED = 256;

/** The longest matches of the context in a segment, but for the document of key `exclude`. */
export function matchesInSegment(segment: Segment, context: ArrayLike<TokenId>, exclude: string | undefined): Match[] {
  const { tokens, order, documents } = segment;
  const matches: Match[] = [];
  // From where the context would be, outwards: the matches only get shorter on either side.
  let after = insertionPoint(segment, context);
  let before = after - 1;
  const lengthAt = (index: number) =>
    index >= 0 && index < order.length ? matchLength(tokens, order[index]!, context) : 0;
  let lengthBefore = lengthAt(before);
  let lengthAfter = lengthAt(after);
  for (let skipped = 0; matches.length < MOST_MATCHES && skipped < MOST_SKIPPED; ) {
    const length = Math.max(lengthBefore, lengthAfter);
    if (length === 0) break;
    let place: number;
    if (lengthBefore >= lengthAfter) {
      place = order[before]!;
      lengthBefore = lengthAt(--before);
    } else {
      place = order[after]!;
      lengthAfter = lengthAt(++after);
    }
    const document = documents[documentAt(segment, place)]!;
    if (document.alive && document.key !== exclude) matches.push({ token: tokens[place]!, length });
    else skipped++;
  }
  return matches;
}

/**
 * The longest matches of the context in some other tokens, the latest first among equals. No index: looking through a
 * few thousand tokens costs as much as a search in one.
 */
export function matchesInTokens(tokens: ArrayLike<TokenId>, context: ArrayLike<TokenId>): Match[] {
  const matches: Match[] = [];
  if (context.length === 0) return matches;
  const wanted = context[context.length - 1]!;
  for (let place = tokens.length - 1; place >= 1; place--) {
    if (tokens[place - 1] !== wanted) continue;
    matches.push({ token: tokens[place]!, length: matchLength(tokens, place, context) });
  }
  return matches.sort((a, b) => b.length - a.length).slice(0, MOST_MATCHES);
}

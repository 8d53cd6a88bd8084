// What one row of logits says of the next token. Pure functions of their arguments.

import type { TokenId } from "../model/model";

/** The likeliest token; the lowest id among equals. */
export function greedy(logits: Float32Array): TokenId {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

/**
 * The `count` likeliest ids, likeliest first.
 * @param allowed absent: all
 * @param isLeftOut asked of the few that would be among them
 */
export function likeliest(
  logits: Float32Array,
  count: number,
  allowed?: readonly TokenId[],
  isLeftOut: (id: TokenId) => boolean = () => false,
): TokenId[] {
  const best: TokenId[] = [];
  const offer = (id: TokenId) => {
    if (best.length === count && logits[id]! <= logits[best[count - 1]!]!) return;
    if (isLeftOut(id)) return;
    let at = best.length;
    while (at > 0 && logits[best[at - 1]!]! < logits[id]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  };
  if (allowed === undefined) for (let id = 0; id < logits.length; id++) offer(id);
  else for (const id of allowed) offer(id);
  return best;
}

/** The natural logarithms of how likely each token comes next. */
export interface LogProbabilities {
  /** The likeliest token's. */
  readonly highest: number;
  of(token: TokenId): number;
}

/** So many nats below the likeliest, even 50,000 tokens change a logarithm by no more than 1e-4, and cost most of the time. */
const NEXT_TO_NOTHING = 20;

/** @param best the likeliest token, for who knows it already */
export function logProbabilities(logits: Float32Array, best = greedy(logits)): LogProbabilities {
  const top = logits[best]!;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    const below = logits[id]! - top;
    // What is no number makes everything so.
    if (!(below <= -NEXT_TO_NOTHING)) sum += Math.exp(below);
  }
  const logNorm = Math.log(sum) + top;
  return { highest: top - logNorm, of: (token) => logits[token]! - logNorm };
}

/** How likely each token comes next. */
export function probabilities(logits: Float32Array, best?: TokenId): (token: TokenId) => number {
  const model = logProbabilities(logits, best);
  return (token) => Math.exp(model.of(token));
}

/** −log2 p(token). */
export function bitsOf(logits: Float32Array, token: TokenId): number {
  return -logProbabilities(logits).of(token) / Math.LN2;
}

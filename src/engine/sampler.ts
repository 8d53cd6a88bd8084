// Chooses the next token from logits. Pure functions of their arguments; randomness comes from a seed.

import type { TokenId } from "./model/model";

/** Picks a token from one row of logits. */
export type Sampler = (logits: Float32Array) => TokenId;

export interface SamplingOptions {
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
}

/** The likeliest token; the lowest id among equals. */
export const greedy: Sampler = (logits) => {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
};

/** Samples from the `topK` likeliest tokens whose probabilities sum to at least `topP`. */
export function makeSampler(options: SamplingOptions): Sampler {
  if (options.temperature === 0) return greedy;
  const random = mulberry32(options.seed);
  return (logits) => {
    const candidates = likeliest(logits, options.topK);
    const top = logits[candidates[0]!]!;
    const weights = candidates.map((id) => Math.exp((logits[id]! - top) / options.temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let nucleus = 0;
    let count = 0;
    while (count < weights.length && nucleus < options.topP * total) nucleus += weights[count++]!;
    let at = random() * nucleus;
    for (let i = 0; i < count; i++) {
      at -= weights[i]!;
      if (at <= 0) return candidates[i]!;
    }
    return candidates[count - 1]!;
  };
}

/** −log2 p(token) under one row of logits. */
export function bitsOf(logits: Float32Array, token: TokenId): number {
  let top = -Infinity;
  for (const logit of logits) if (logit > top) top = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  return (Math.log(sum) + top - logits[token]!) / Math.LN2;
}

/** The `count` likeliest ids, likeliest first. */
export function likeliest(logits: Float32Array, count: number, allowed?: readonly TokenId[]): TokenId[] {
  const best: TokenId[] = [];
  const offer = (id: TokenId) => {
    if (best.length === count && logits[id]! <= logits[best[count - 1]!]!) return;
    let at = best.length;
    while (at > 0 && logits[best[at - 1]!]! < logits[id]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  };
  if (allowed === undefined) for (let id = 0; id < logits.length; id++) offer(id);
  else for (const id of allowed) offer(id);
  return best;
}

/** A small, well-mixed generator (Tommy Ettinger's mulberry32): uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

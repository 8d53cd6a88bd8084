// Chooses the next token from logits. Pure functions of their arguments; randomness comes from a seed.

import type { TokenId } from "../model/model";
import { likeliest } from "./logits";

/** Picks a token from one row of logits. */
export type Sampler = (logits: Float32Array) => TokenId;

export interface SamplingOptions {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
}

/** Samples from the `topK` likeliest tokens whose probabilities sum to at least `topP`. */
export function makeSampler(options: SamplingOptions): Sampler {
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

// Mixes memory into the model's distribution: p = (1 − λ) p_model + λ p_memory (kNN-LM, arXiv 1911.00172), where λ depends
// on how long and how many the matches are, how far they agree with each other, and what the model thinks of them.

import type { TokenId } from "../model";
import { greedy } from "../sampler";
import type { Prediction } from "./prediction";
import { bucketOf, type MixingWeights } from "./weights";

/** The likeliest token under the mixture; the model's own where there is no prediction. `allowed` limits the choice. */
export function pickMixed(
  logits: Float32Array,
  prediction: Prediction | undefined,
  weights: MixingWeights,
  allowed?: readonly TokenId[],
): TokenId {
  let best = greedy(logits, allowed);
  if (prediction === undefined) return best;
  const model = new ModelView(logits);
  const lambda = trust(model, prediction, weights);
  const { continuations } = prediction;
  const ofMemory = continuations.find(({ token }) => token === best)?.weight ?? 0;
  let highest = (1 - lambda) * model.probability(best) + lambda * ofMemory;
  // Any other token is likeliest only if memory says so: the model alone prefers `best`.
  for (const { token, weight } of continuations) {
    const probability = (1 - lambda) * model.probability(token) + lambda * weight;
    if (probability > highest && (allowed === undefined || allowed.includes(token))) {
      highest = probability;
      best = token;
    }
  }
  return best;
}

/** −log2 p(token) under the mixture. */
export function bitsMixed(
  logits: Float32Array,
  prediction: Prediction | undefined,
  weights: MixingWeights,
  token: TokenId,
): number {
  const model = new ModelView(logits);
  if (prediction === undefined) return -model.logProbability(token) / Math.LN2;
  const lambda = trust(model, prediction, weights);
  const ofMemory = prediction.continuations.find((continuation) => continuation.token === token)?.weight ?? 0;
  return -Math.log2((1 - lambda) * model.probability(token) + lambda * ofMemory);
}

/** λ: how far memory is believed. */
export function trust(model: ModelView, prediction: Prediction, weights: MixingWeights): number {
  const { continuations, matches, logVotes, repositoryLength, liveLength } = prediction;
  const { features } = weights;
  const favourite = continuations[0]!;
  let overlap = 0;
  for (const { token, weight } of continuations) overlap += weight * model.probability(token);
  const logOdds =
    trustOf(weights.repositoryTrust, repositoryLength) +
    trustOf(weights.liveTrust, liveLength) +
    features.agreement * favourite.weight +
    features.logAgreement * Math.log(favourite.weight + 1e-3) +
    features.logMatches * Math.log1p(matches) +
    features.logVotes * logVotes +
    features.modelConfidence * model.highest +
    features.modelOnFavourite * Math.max(-12, model.logProbability(favourite.token)) +
    features.overlap * Math.log(overlap + 1e-4);
  return 1 / (1 + Math.exp(-logOdds));
}

function trustOf(table: readonly number[], length: number): number {
  return table[length === 0 ? 0 : bucketOf(length) + 1]!;
}

/** One row of logits as probabilities. */
export class ModelView {
  readonly #logNorm: number;
  /** The likeliest token's log-probability. */
  readonly highest: number;

  constructor(private readonly logits: Float32Array) {
    let top = -Infinity;
    for (let id = 0; id < logits.length; id++) if (logits[id]! > top) top = logits[id]!;
    let sum = 0;
    for (let id = 0; id < logits.length; id++) {
      // What lies further below adds less than the sum's own rounding.
      const below = logits[id]! - top;
      if (below > -25) sum += Math.exp(below);
    }
    this.#logNorm = Math.log(sum) + top;
    this.highest = top - this.#logNorm;
  }

  logProbability(token: TokenId): number {
    return this.logits[token]! - this.#logNorm;
  }

  probability(token: TokenId): number {
    return Math.exp(this.logProbability(token));
  }
}

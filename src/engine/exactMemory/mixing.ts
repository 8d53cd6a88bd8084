// Mixes memory into the model's distribution: p = (1 − λ) p_model + λ p_memory (kNN-LM, arXiv 1911.00172). What memory
// says is weighed by how likely the model finds it; λ depends on how long and how many the matches are, how far they agree
// with each other, and how far the model agrees with them.

import { greedy, type LogProbabilities, logProbabilities, probabilities } from "../decoding/logits";
import type { TokenId } from "../model/model";
import type { Prediction } from "./prediction";
import { fittedWeights, trustInLengths } from "./weights";

/** The next token under the mixture; the model's own view where there is no prediction. All logits are summed once, if at all. */
export class NextToken {
  #known: ((token: TokenId) => number) | undefined;
  #greedy: TokenId | undefined;

  constructor(
    private readonly logits: Float32Array,
    private readonly prediction: Prediction | undefined,
  ) {}

  get likeliest(): TokenId {
    const { prediction } = this;
    let best = this.#best;
    // Where both name the same token first there is nothing to weigh: that spares most tokens the sum over all logits.
    if (prediction === undefined || prediction.continuations[0]!.token === best) return best;
    const { probability } = this;
    let highest = probability(best);
    // Only what memory names can be likelier than the model's own choice.
    for (const { token } of prediction.continuations) {
      if (probability(token) > highest) {
        highest = probability(token);
        best = token;
      }
    }
    return best;
  }

  /** How likely a token is. */
  get probability(): (token: TokenId) => number {
    this.#known ??= probabilitiesMixed(this.logits, this.prediction, this.#best);
    return this.#known;
  }

  /** The model's own choice. */
  get #best(): TokenId {
    this.#greedy ??= greedy(this.logits);
    return this.#greedy;
  }
}

/** −log2 p(token) under the mixture. */
export function bitsMixed(model: LogProbabilities, prediction: Prediction | undefined, token: TokenId): number {
  if (prediction === undefined) return -model.of(token) / Math.LN2;
  return -Math.log2(new Mixture(model, prediction).probability(token));
}

function probabilitiesMixed(
  logits: Float32Array,
  prediction: Prediction | undefined,
  best: TokenId,
): (token: TokenId) => number {
  if (prediction === undefined) return probabilities(logits, best);
  const mixture = new Mixture(logProbabilities(logits, best), prediction);
  return (token) => mixture.probability(token);
}

/** The model has no say in what it finds less likely than this: the fit could not tell such tokens apart. */
const LEAST_LOG_PROBABILITY = -11;

class Mixture {
  /** How far memory is believed. */
  readonly #lambda: number;
  /** Memory's own distribution. */
  readonly #shares = new Map<TokenId, number>();

  constructor(
    private readonly model: LogProbabilities,
    { continuations, matches, logVotes, repositoryLength, liveLength }: Prediction,
  ) {
    let total = 0;
    let mass = 0;
    for (const { token, weight } of continuations) {
      const vote = weight * Math.exp(fittedWeights.likelihoodPower * this.#seen(token));
      this.#shares.set(token, vote);
      total += vote;
      mass += Math.exp(this.#seen(token));
    }
    let favourite = continuations[0]!.token;
    let agreement = 0;
    let overlap = 0;
    for (const [token, vote] of this.#shares) {
      const share = vote / total;
      this.#shares.set(token, share);
      overlap += share * Math.exp(this.#seen(token));
      if (share > agreement) [favourite, agreement] = [token, share];
    }
    const { features } = fittedWeights;
    const logOdds =
      trustInLengths(fittedWeights, repositoryLength, liveLength) +
      features.agreement * agreement +
      features.logAgreement * Math.log(agreement + 1e-3) +
      features.logMatches * Math.log1p(matches) +
      features.logVotes * (logVotes + Math.log(total)) +
      features.modelConfidence * model.highest +
      features.modelOnFavourite * this.#seen(favourite) +
      features.overlap * Math.log(overlap + 1e-4) +
      features.mass * mass;
    this.#lambda = 1 / (1 + Math.exp(-logOdds));
  }

  probability(token: TokenId): number {
    const ofModel = Math.exp(this.model.of(token));
    return (1 - this.#lambda) * ofModel + this.#lambda * (this.#shares.get(token) ?? 0);
  }

  #seen(token: TokenId): number {
    return Math.max(LEAST_LOG_PROBABILITY, this.model.of(token));
  }
}

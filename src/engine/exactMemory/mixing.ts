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
    const { logits, prediction } = this;
    this.#known ??= prediction
      ? mixture(logProbabilities(logits, this.#best), prediction)
      : probabilities(logits, this.#best);
    return this.#known;
  }

  /** The model's own choice. */
  get #best(): TokenId {
    this.#greedy ??= greedy(this.logits);
    return this.#greedy;
  }
}

/** The model has no say in what it finds less likely than this: the fit could not tell such tokens apart. */
const LEAST_LOG_PROBABILITY = -11;

/** How likely each token is where memory is believed as far as it deserves. */
function mixture(
  model: LogProbabilities,
  { continuations, matches, logVotes, repositoryLength, liveLength }: Prediction,
): (token: TokenId) => number {
  const seen = (token: TokenId) => Math.max(LEAST_LOG_PROBABILITY, model.of(token));
  const votes = continuations.map(({ token, weight }) => ({
    token,
    vote: weight * Math.exp(fittedWeights.likelihoodPower * seen(token)),
  }));
  const total = votes.reduce((sum, { vote }) => sum + vote, 0);
  /** Memory's own distribution. */
  const shares = new Map(votes.map(({ token, vote }) => [token, vote / total]));
  let favourite = continuations[0]!.token;
  let agreement = 0;
  let overlap = 0;
  let mass = 0;
  for (const [token, share] of shares) {
    const probability = Math.exp(seen(token));
    overlap += share * probability;
    mass += probability;
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
    features.modelOnFavourite * seen(favourite) +
    features.overlap * Math.log(overlap + 1e-4) +
    features.mass * mass;
  /** How far memory is believed. */
  const lambda = 1 / (1 + Math.exp(-logOdds));
  return (token) => (1 - lambda) * Math.exp(model.of(token)) + lambda * (shares.get(token) ?? 0);
}

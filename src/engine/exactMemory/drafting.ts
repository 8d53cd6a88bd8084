// Drafts: what will probably be chosen next, read off the places that match. A run of several tokens costs little more
// than a run of one, but a wrong guess is paid for, so guessing ends where it is not likely to be right.

import type { TokenId } from "../model/model";
import type { Prediction } from "./prediction";
import { fittedWeights, trustInLengths } from "./weights";

/** Tokens of one draft, at most: each has its logits, a megabyte with a large vocabulary. */
export const MOST_DRAFTED = 8;
/**
 * A token is drafted as long as it, and all drafted before it, are at least so likely to be picked. One token more makes a run
 * of the bundled model about 10 % longer (`forwardCost` in tools/exactMemory, which commit a6fdcdf5 still has), and the next one too when the draft is
 * refused after it.
 */
const LEAST_LIKELY = 0.2;

/** Goes on from `context` as `predict` sees it. */
export function draftFrom(
  predict: (context: readonly TokenId[]) => Prediction | undefined,
  context: readonly TokenId[],
  max: number,
): TokenId[] {
  const drafted: TokenId[] = [];
  const extended = [...context];
  let likely = 1;
  while (drafted.length < Math.min(max, MOST_DRAFTED)) {
    const prediction = predict(extended);
    if (prediction === undefined) break;
    likely *= pickedLikely(prediction);
    if (likely < LEAST_LIKELY) break;
    const { token } = prediction.continuations[0]!;
    drafted.push(token);
    extended.push(token);
  }
  return drafted;
}

/** How likely the first continuation will be picked. */
function pickedLikely({ continuations, matches, repositoryLength, liveLength }: Prediction): number {
  const { draft } = fittedWeights;
  const agreement = continuations[0]!.weight;
  const logOdds =
    trustInLengths(draft, repositoryLength, liveLength) +
    draft.features.agreement * agreement +
    draft.features.logAgreement * Math.log(agreement + 1e-3) +
    draft.features.logMatches * Math.log1p(matches);
  return 1 / (1 + Math.exp(-logOdds));
}

// Drafts: what will probably be chosen next, read off the places that match. A run of several tokens costs little more
// than a run of one, but a wrong guess is paid for, so guessing ends where it is not likely to be right.

import type { TokenId } from "../model";
import type { Prediction } from "./prediction";

/** Tokens of one draft, at most. */
const MOST_DRAFTED = 6;
/** A match must be this long, and this share of the votes must agree, for a guess. */
const LEAST_LENGTH = 4;
const LEAST_AGREEMENT = 0.7;

/** Goes on from `context` as `predict` sees it. */
export function draftFrom(
  predict: (context: readonly TokenId[]) => Prediction | undefined,
  context: readonly TokenId[],
  max: number,
): TokenId[] {
  const drafted: TokenId[] = [];
  const extended = [...context];
  while (drafted.length < Math.min(max, MOST_DRAFTED)) {
    const prediction = predict(extended);
    const favourite = prediction?.continuations[0];
    if (favourite === undefined) break;
    if (prediction!.matchLength < LEAST_LENGTH || favourite.weight < LEAST_AGREEMENT) break;
    drafted.push(favourite.token);
    extended.push(favourite.token);
  }
  return drafted;
}

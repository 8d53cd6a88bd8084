// From matches to what may come next: each matching place votes for the token that followed there, a longer match with
// more weight.

import type { TokenId } from "../model/model";
import type { Match } from "./matches";
import { bucketOf, fittedWeights } from "./weights";

export interface Continuation {
  readonly token: TokenId;
  /** Its share of the votes, before the model is asked. */
  readonly weight: number;
}

export interface Prediction {
  /** How many places match as long as the longest one. */
  readonly matches: number;
  /** Every token that followed a match, by weight; the weights sum to 1. */
  readonly continuations: readonly Continuation[];
  /** The longest match in the repository's documents and in the live one, 0 for none; and the logarithm of all votes. */
  readonly repositoryLength: number;
  readonly liveLength: number;
  readonly logVotes: number;
}

/** Undefined when nothing matches. */
export function predictFrom(repository: readonly Match[], live: readonly Match[]): Prediction | undefined {
  const votes = new Map<TokenId, number>();
  let total = 0;
  let matches = 0;
  const lengths = [longestOf(repository), longestOf(live)];
  const longest = Math.max(...lengths);
  if (longest === 0) return undefined;
  for (const [found, logWeights] of [
    [repository, fittedWeights.repositoryVotes],
    [live, fittedWeights.liveVotes],
  ] as const) {
    for (const { token, length } of found) {
      const vote = Math.exp(logWeights[bucketOf(length)]!);
      votes.set(token, (votes.get(token) ?? 0) + vote);
      total += vote;
      if (length === longest) matches++;
    }
  }
  const continuations = [...votes].map(([token, vote]) => ({ token, weight: vote / total }));
  // The lower id first among equals, so that the order of the documents does not show.
  continuations.sort((a, b) => b.weight - a.weight || a.token - b.token);
  return {
    matches,
    continuations,
    repositoryLength: lengths[0]!,
    liveLength: lengths[1]!,
    logVotes: Math.log(total),
  };
}

function longestOf(matches: readonly Match[]): number {
  return matches.reduce((longest, { length }) => Math.max(longest, length), 0);
}

// The fitted numbers of the mixture: how much a match of some length says, and when memory is believed more than the
// model. weights.json is made by tools/exactMemory/fit.py; the commands stand there.

import fitted from "./weights.json";

export interface MixingWeights {
  /** The first length of each bucket of match lengths, ascending. */
  readonly lengths: readonly number[];
  /** Logarithm of a match's vote, by bucket: in the repository's documents, and in the live one. */
  readonly repositoryVotes: readonly number[];
  readonly liveVotes: readonly number[];
  /** log-odds of believing memory, by the bucket of each source's longest match; first for no match. */
  readonly repositoryTrust: readonly number[];
  readonly liveTrust: readonly number[];
  /** What else adds to the log-odds; mixing.ts says what each is. */
  readonly features: {
    readonly agreement: number;
    readonly logAgreement: number;
    readonly logMatches: number;
    readonly logVotes: number;
    readonly modelConfidence: number;
    readonly modelOnFavourite: number;
    readonly overlap: number;
  };
}

export const fittedWeights: MixingWeights = fitted;

const bucketByLength = Uint8Array.from({ length: 256 }, (_, length) =>
  Math.max(0, fittedWeights.lengths.filter((first) => first <= length).length - 1),
);

/** The bucket of a match length of at least 1. */
export function bucketOf(length: number): number {
  return bucketByLength[length]!;
}

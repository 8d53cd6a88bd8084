// The numbers of the mixture: how much a match of some length says, and when memory is believed more than the model.
// weights.json has the votes and features of a fit and a trust that was set by hand; tools/exactMemory/fit.py makes it of both.

import fitted from "./weights.json";

/** By the bucket of each source's longest match; first for no match. The numbers add up to log-odds. */
interface TrustTables {
  readonly repositoryTrust: readonly number[];
  readonly liveTrust: readonly number[];
}

interface MixingWeights extends TrustTables {
  /** The first length of each bucket of match lengths, ascending. */
  readonly lengths: readonly number[];
  /** Logarithm of a match's vote, by bucket: in the repository's documents, and in the live one. */
  readonly repositoryVotes: readonly number[];
  readonly liveVotes: readonly number[];
  /** Votes for a token count as much as this power of the model's probability for it. */
  readonly likelihoodPower: number;
  /** What else adds to the log-odds of believing memory; mixing.ts says what each is. */
  readonly features: {
    readonly agreement: number;
    readonly logAgreement: number;
    readonly logMatches: number;
    readonly logVotes: number;
    readonly modelConfidence: number;
    readonly modelOnFavourite: number;
    readonly overlap: number;
    readonly mass: number;
  };
  /** The log-odds that the token which memory names first will be picked. */
  readonly draft: TrustTables & {
    readonly features: { readonly agreement: number; readonly logAgreement: number; readonly logMatches: number };
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

/** What the lengths of both sources' longest matches add to the log-odds. */
export function trustInLengths(tables: TrustTables, repositoryLength: number, liveLength: number): number {
  const bucket = (length: number) => (length === 0 ? 0 : bucketOf(length) + 1);
  return tables.repositoryTrust[bucket(repositoryLength)]! + tables.liveTrust[bucket(liveLength)]!;
}

// The numbers of the mixture: how much a match of some length says, and when memory is believed more than the model.
//
// weights.json has the repository's votes, the features and the draft's numbers of a fit for the fewest bits, of 60,000 positions
// after nothing but their file's own text (tools/exactMemory, which commit a6fdcdf5 still has, fitted them). A whole refit with the
// prompts of today (4,682 positions, 11 packages) was worse on packages that it had not seen, 1.375 nats a token against 1.344. So
// the rest is set by hand:
// - `repositoryTrust` is 0.5 lower than fitted, which has most tokens and whole lines right: 72.7 % and 103 of 427, where the model
//   alone has 70.0 % and 93. From 8 tokens on it rises: so long a match is rare in that sample, and recall from afar rests on it
//   (`griffin eval --recall`).
// - `liveVotes` are the repository's and 0.5 more, and `liveTrust` begins at 3 tokens: in 30 long files, the matches of 3 to 8 tokens
//   in the document's own text were right in about ten of a hundred cases more than those in other files.
// Tried on half of the packages, bits saved on the other half: without the power of the model's probability 27.3 %, with it 28.0 %;
// with both sources mixed in on their own 27.8 %; with a hidden layer of 8 in the trust 28.1 %.

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

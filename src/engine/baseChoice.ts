// From which state a completion begins: the one that has read the repository, or the empty one. The model is asked: under
// which of them are the last lines before the cursor likelier?

import type { LanguageModel } from "./model/languageModel";
import type { TokenId } from "./model/model";
import type { State } from "./model/state";
import type { ModelAccess } from "./modelAccess";
import { forEachPrediction } from "./predictions";
import { bitsOf } from "./sampler";

export interface BaseChoice {
  readonly choice: "trunk" | "empty";
  readonly state: State;
  /** The trunk's, if it is one. */
  readonly epoch?: number;
  /** Whether the model was asked. */
  readonly isCompared: boolean;
  /** A sentence for the user. */
  readonly reason: string;
}

/** A trunk as completions see it. */
export interface TrunkState {
  readonly state: State;
  /** Raised when the trunk had to forget something: what was run after an earlier epoch's state must not be used. */
  readonly epoch: number;
  /** Raised when the trunk was read anew because files had changed: an earlier one is allowed, and out of date. */
  readonly renewal: number;
}

/** Tokens whose bits are compared, and tokens before them that only set the scene. */
const SCORED_TOKENS = 96;
const SCENE_TOKENS = 160;
/** A smaller gain on so few tokens is chance, and the trunk costs a little time. */
const WORTH_IT = 0.99;
/** Fewer say nothing. */
const LEAST_TOKENS = 16;
/** Tokens of one run whose logits are all wanted. */
const CHUNK_TOKENS = 48;

export function noTrunk(lm: LanguageModel): BaseChoice {
  const reason = "No state of the repository is in use.";
  return { choice: "empty", state: lm.model.emptyState, isCompared: false, reason };
}

export function unscoredTrunk({ state, epoch }: TrunkState): BaseChoice {
  const reason = "The repository's state is used; it was not compared yet.";
  return { choice: "trunk", state, epoch, isCompared: false, reason };
}

/** Whether the tokens before the cursor are enough to ask the model. */
export function isComparable(live: readonly TokenId[]): boolean {
  return scoredOf(live) >= LEAST_TOKENS;
}

/** Two readings of the same text, of which the first may be known already. */
export interface Comparison {
  /** The tokens of the file's path, if there is one; they stand before the others. */
  readonly header: readonly TokenId[];
  /** The tokens before the cursor, of which the end is compared. */
  readonly live: readonly TokenId[];
  /** −log2 of that end's probability after the trunk: known already when the comparison was stopped behind it. */
  bitsWithTrunk?: number;
}

export async function chooseBase(
  lm: LanguageModel,
  trunk: TrunkState,
  comparison: Comparison,
  access: ModelAccess,
): Promise<BaseChoice> {
  const { header, live } = comparison;
  if (!isComparable(live)) return unscoredTrunk(trunk);
  const text = [...header, ...live.slice(-(SCENE_TOKENS + SCORED_TOKENS))];
  const scored = scoredOf(live);
  comparison.bitsWithTrunk ??= await bitsOfLast(scored, lm, trunk.state, text, access);
  const withTrunk = comparison.bitsWithTrunk;
  const without = await bitsOfLast(scored, lm, lm.model.emptyState, [lm.about.tokens.bos, ...text], access);
  const compared = `${(withTrunk / scored).toFixed(2)} bits a token with it, ${(without / scored).toFixed(2)} without`;
  return withTrunk <= WORTH_IT * without
    ? { ...unscoredTrunk(trunk), isCompared: true, reason: `The repository's state helps here: ${compared}.` }
    : {
        choice: "empty",
        state: lm.model.emptyState,
        isCompared: true,
        reason: `The repository's state does not help here: ${compared}.`,
      };
}

function scoredOf(live: readonly TokenId[]): number {
  return Math.min(SCORED_TOKENS, Math.floor(Math.min(live.length, SCENE_TOKENS + SCORED_TOKENS) / 2));
}

/** −log2 of the probability of the last `count` of `tokens` after `base`. */
async function bitsOfLast(
  count: number,
  { model }: LanguageModel,
  base: State,
  tokens: readonly TokenId[],
  access: ModelAccess,
): Promise<number> {
  let bits = 0;
  await forEachPrediction(model, base, tokens, tokens.length - count, CHUNK_TOKENS, access, (logits, token) => {
    bits += bitsOf(logits, token);
  });
  return bits;
}

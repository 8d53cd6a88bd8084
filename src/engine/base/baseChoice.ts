// From which state a completion begins: the one that has read the repository, or the empty one. The model is asked: under
// which of them are the last lines before the cursor likelier?

import { bitsOf } from "../decoding/logits";
import { forEachPrediction } from "../decoding/predictions";
import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { TrunkState } from "../repository/offer";

export type BaseChoice = ToldChoice &
  ({ readonly choice: "empty" } | { readonly choice: "trunk"; readonly epoch: TrunkState["epoch"] });

interface ToldChoice {
  readonly state: State;
  /** Whether the model was asked. */
  readonly isCompared: boolean;
  /** A sentence for the user. */
  readonly reason: string;
}

/** Tokens whose bits are compared, and tokens before them that only set the scene. */
const SCORED_TOKENS = 96;
const SCENE_TOKENS = 160;
/** A smaller gain on so few tokens is chance, and the trunk costs a little time. */
const WORTH_IT = 0.99;
/** Fewer say nothing. */
const LEAST_TOKENS = 16;
/** Tokens of one run whose logits are all wanted. */
const SCORED_RUN_TOKENS = 48;

export function noTrunk(lm: LanguageModel): BaseChoice {
  const reason = "No state of the repository is in use.";
  return { choice: "empty", state: lm.model.emptyState, isCompared: false, reason };
}

export function unscoredTrunk({ state, epoch }: TrunkState): BaseChoice {
  const reason = "The repository's state is used; whether it helps here is not known yet.";
  return { choice: "trunk", state, epoch, isCompared: false, reason };
}

/** Whether the tokens before the cursor are enough to ask the model. */
export function isComparable(live: readonly TokenId[]): boolean {
  return scoredOf(live) >= LEAST_TOKENS;
}

export interface ComparedText {
  /** The tokens of the file's path, if there is one; they stand before the others. */
  readonly header: readonly TokenId[];
  /** The tokens before the cursor, of which the end is compared. */
  readonly live: readonly TokenId[];
}

/** −log2 of the probability of the text's end, a token. @param base undefined: the empty state */
export async function bitsPerToken(
  base: State | undefined,
  { model, about }: LanguageModel,
  { header, live }: ComparedText,
  access: ModelAccess,
): Promise<number> {
  const text = [...header, ...live.slice(-(SCENE_TOKENS + SCORED_TOKENS))];
  const tokens = base === undefined ? [about.tokens.bos, ...text] : text;
  const scored = scoredOf(live);
  const first = tokens.length - scored;
  let bits = 0;
  await forEachPrediction(
    model,
    base ?? model.emptyState,
    tokens,
    first,
    SCORED_RUN_TOKENS,
    access,
    (logits, token) => {
      bits += bitsOf(logits, token);
    },
  );
  return bits / scored;
}

/** @param withTrunk bits a token */
export function decide(lm: LanguageModel, trunk: TrunkState, withTrunk: number, without: number): BaseChoice {
  const helps = withTrunk <= WORTH_IT * without;
  const compared = `${withTrunk.toFixed(2)} bits a token with it, ${without.toFixed(2)} without`;
  return {
    ...(helps ? unscoredTrunk(trunk) : noTrunk(lm)),
    isCompared: true,
    reason: `The repository's state ${helps ? "helps" : "does not help"} here: ${compared}.`,
  };
}

function scoredOf(live: readonly TokenId[]): number {
  return Math.min(SCORED_TOKENS, Math.floor(Math.min(live.length, SCENE_TOKENS + SCORED_TOKENS) / 2));
}

// How likely a model finds a text: the sum over its tokens of −log2 of the probability.

import { FrameKeeper } from "../../engine/completion/frameKeeper";
import type { LiveText } from "../../engine/completion/liveText";
import { bitsOf } from "../../engine/decoding/logits";
import { forEachPrediction } from "../../engine/decoding/predictions";
import { Recall } from "../../engine/exactMemory/recall";
import type { LanguageModel } from "../../engine/model/languageModel";
import type { TokenId } from "../../engine/model/model";
import type { State } from "../../engine/model/state";
import { undisturbed } from "../../engine/modelAccess";
import type { DocumentOffer } from "../../engine/repository/offer";
import { frameKey } from "./sources";
import type { Task } from "./tasks";

/** Tokens of one run: each wants its logits, and those are large. */
const SCORED_RUN_TOKENS = 64;

/** The bits of `expected`, given the text before it and nothing else. */
export async function plainBits(lm: LanguageModel, { prefix, expected }: Task): Promise<number> {
  const given = [lm.about.tokens.bos, ...(await lm.tokenizer.encode(prefix))];
  const [bits] = await bitsAfter(lm, lm.model.emptyState, given, await lm.tokenizer.encode(expected), [undefined]);
  return bits!;
}

export interface ContextBits {
  readonly bits: number;
  readonly base: "trunk" | "empty";
}

/**
 * The bits of `expected`, given the text before it and what each context offers, in the form of a completion's prompt.
 * Contexts that differ by their memory alone are measured in one run.
 * @param asksModel whether the model chooses between the trunk and the empty state, as for a completion
 */
export async function bitsInContexts(
  lm: LanguageModel,
  { path, prefix, expected }: Task,
  contexts: readonly DocumentOffer[],
  asksModel: boolean,
): Promise<ContextBits[]> {
  const live: LiveText = { path, languageId: "", prefix, suffix: "" };
  const results = new Map<DocumentOffer, ContextBits>();
  for (const key of new Set(contexts.map(frameKey))) {
    const alike = contexts.filter((context) => frameKey(context) === key);
    const keeper = new FrameKeeper(lm);
    const frame = await (asksModel ? keeper.atLeisure(live, alike[0], undisturbed) : keeper.now(live, alike[0]));
    const given = [...frame.tokens, ...(await lm.tokenizer.encode(prefix))];
    const recalls = alike.map(({ memory }) => memory && new Recall({ memory, context: given, exclude: path }));
    const bits = await bitsAfter(lm, frame.base.state, given, await lm.tokenizer.encode(expected), recalls);
    for (const [index, context] of alike.entries()) {
      results.set(context, { bits: bits[index]!, base: frame.base.choice });
    }
  }
  return contexts.map((context) => results.get(context)!);
}

/** The bits of `expected` after `base` and `given`: once for each of `recalls`, under the model and what it remembers. */
export async function bitsAfter(
  { model }: LanguageModel,
  base: State,
  given: readonly TokenId[],
  expected: readonly TokenId[],
  recalls: readonly (Recall | undefined)[],
): Promise<number[]> {
  const bits = recalls.map(() => 0);
  const tokens = [...given, ...expected];
  await forEachPrediction(model, base, tokens, given.length, SCORED_RUN_TOKENS, undisturbed, (logits, token) => {
    recalls.forEach((recall, i) => {
      bits[i]! += recall?.bits(logits, token) ?? bitsOf(logits, token);
      recall?.push(token);
    });
  });
  return bits;
}

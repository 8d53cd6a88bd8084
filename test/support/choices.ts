// Choices of a first line for tests: tokens with the likelihoods that are given, all others with none.

import type { Choice } from "../../src/engine/completion/firstLine";
import type { TokenId } from "../../src/engine/model/model";

export type Likelihoods = Readonly<Record<TokenId, number>>;

const VOCABULARY = 32;

/** The likeliest token is chosen, unless another is named. */
export function choiceOf(
  likelihoods: Likelihoods,
  { token = likeliestOf(likelihoods), ...place }: Partial<Pick<Choice, "index" | "text" | "token" | "allowed">> = {},
): Choice {
  const probability = (id: TokenId) => likelihoods[id] ?? 0;
  const logits = Float32Array.from({ length: VOCABULARY }, (_, id) => Math.log(Math.max(1e-30, probability(id))));
  return { index: 0, text: "", ...place, token, logits, probability };
}

export function likeliestOf(likelihoods: Likelihoods): TokenId {
  const [[token]] = Object.entries(likelihoods).sort(([, a], [, b]) => b - a) as [[string, number]];
  return Number(token);
}

// Decoding: one token after the other from where a sequence stands. Knows token ids and states only.

import type { Model, TokenId } from "./model";
import type { Advance, Sequence } from "./sequence";
import type { Turn } from "./turn";

export interface DecodeOptions {
  /** Chooses the next token from its logits. */
  readonly pick: (logits: Float32Array) => TokenId;
  /** Tokens that end the generation; they are not yielded. */
  readonly stop: readonly TokenId[];
  readonly maxTokens: number;
}

/**
 * Yields tokens until a stop token or the limit. The caller ends it by pulling no more: a token is only run when the
 * next one is asked for. Each new state goes to `sequence`, so that accepting what was generated costs nothing.
 */
export async function* generate(
  model: Model,
  sequence: Sequence,
  from: Advance,
  { pick, stop, maxTokens }: DecodeOptions,
  turn: Turn,
): AsyncGenerator<TokenId, void> {
  let { state, logits } = from;
  for (let count = 1; ; count++) {
    const token = pick(logits);
    if (stop.includes(token)) return;
    yield token;
    if (count === maxTokens) return;
    await turn.next();
    ({ state, logits } = await model.forward([token], state, [0]));
    sequence.extend(token, state);
  }
}

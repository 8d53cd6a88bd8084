// Decoding: one token after the other from where a sequence stands, several in one run where they were drafted well.
// Knows token ids and states only.

import type { Model, TokenId } from "../model/model";
import { forkOf, type State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { Advance, Sequence } from "./sequence";

/** A run of tokens that come after a sequence. */
export interface Begun {
  readonly tokens: readonly TokenId[];
  /** Before the first of the tokens and after each of them. */
  readonly logits: Float32Array;
  readonly state: State;
}

export interface DecodeOptions {
  /** Chooses the next token from its logits. Called once for each token, in order, after the one before was taken. */
  readonly pick: (logits: Float32Array) => TokenId;
  /** Tokens that end the generation; they are not yielded. */
  readonly stop: readonly TokenId[];
  readonly maxTokens: number;
  /**
   * Guesses what will be picked after the token yielded last: `max` tokens at most, none when it does not know. They are
   * run along with that token, and count only as far as `pick` picks the same: a guess changes the speed, not the text.
   */
  readonly draft?: (max: number) => readonly TokenId[];
  /** A run that was made already: a first draft. */
  readonly begun?: Begun;
}

/**
 * Chosen tokens that are run again rather than settled, at most. They are run in the company of the next token, and a
 * run of a few tokens costs little more than a run of one.
 */
const MOST_UNSETTLED = 4;

/**
 * Yields tokens until a stop token or the limit. The caller ends it by pulling no more: a token is only run when the
 * next one is asked for. States go to `sequence`, so that accepting what was generated costs nothing (or, after a draft
 * that was half right, the run of a few tokens).
 *
 * A run gives the state after all of its tokens. When a draft is refused, that state has seen a wrong token: so it is not
 * even made, the one from before the run is kept, and the tokens that were right are run again, together with what comes next.
 *
 * Most of what is generated is not accepted: it goes into logs of its own, and the prompt's have room for the next key.
 */
export async function* generate(
  model: Model,
  sequence: Sequence,
  from: Advance,
  { pick, stop, maxTokens, draft, begun = { tokens: [], ...from } }: DecodeOptions,
  access: ModelAccess,
): AsyncGenerator<TokenId, void> {
  if (maxTokens < 1) return;
  const { vocabSize } = model.architecture;
  /** The state from which the next run starts, and the chosen tokens that it has not seen. */
  let state = forkOf(from.state);
  let unsettled: TokenId[] = [];
  /** The last run: logits after the last chosen token and each drafted one, and the state after all of them. */
  let last: Pick<Advance, "state" | "logits"> = begun;
  let drafted = begun.tokens;
  for (let left = maxTokens; ; ) {
    let row = 0;
    for (let agrees = true; agrees; row++) {
      const token = pick(last.logits.subarray(row * vocabSize, (row + 1) * vocabSize));
      if (stop.includes(token)) return;
      agrees = row < drafted.length && token === drafted[row];
      unsettled.push(token);
      if (agrees && row + 1 === drafted.length) {
        state = last.state;
        sequence.extend(from, unsettled, state);
        unsettled = [];
      }
      yield token;
      if (--left === 0) return;
    }
    drafted = unsettled.length > MOST_UNSETTLED ? [] : (draft?.(left - 1) ?? []).slice(0, left - 1);
    await access.nextRun();
    const rows = Array.from({ length: drafted.length + 1 }, (_, index) => unsettled.length - 1 + index);
    last = await model.forward([...unsettled, ...drafted], state, rows);
    if (drafted.length > 0) continue;
    state = last.state;
    sequence.extend(from, unsettled, state);
    unsettled = [];
  }
}

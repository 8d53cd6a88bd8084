// Decoding: one token after the other from where a sequence stands, several in one run where they were drafted well.
// Knows token ids and states only.

import type { ForwardResult, Model, TokenId } from "../model/model";
import { forkOf, type State } from "../model/state";
import type { ModelAccess } from "../modelAccess";
import type { Advance, Sequence } from "./sequence";

/** Where a generation begins: a state, whose logs get what is run, with the logits after it or with tokens to run first. */
export type Beginning = { readonly state: State } & (
  | { readonly logits: Float32Array }
  | { readonly unsettled: readonly TokenId[] }
);

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
  /** Gets each state that is made, and the tokens that were chosen (or to be run first) since the one before. */
  readonly onState?: (state: State, tokens: readonly TokenId[]) => void;
  /**
   * How many chosen tokens may go without a state where one could be made: they are run again together with the next one.
   * Absent: none.
   */
  readonly mostUnsettled?: number;
}

/**
 * With more chosen tokens than this that no state has seen yet, nothing more is drafted until one has. Up to then they are run
 * again together with the next token, which costs little more than that one alone.
 */
export const MOST_UNSETTLED = 4;

/**
 * Generates after an advance. States go to `sequence`, so that accepting what was generated costs nothing (or, after a draft
 * that was half right, the run of a few tokens). Mostly it is not accepted: it goes into logs of its own, and the sequence's
 * have room for what comes next.
 */
export function generateAfter(
  model: Model,
  sequence: Sequence,
  advance: Advance,
  options: Omit<DecodeOptions, "onState">,
  access: ModelAccess,
): AsyncGenerator<TokenId, void> {
  const onState = (state: State, tokens: readonly TokenId[]) => sequence.extend(advance, tokens, state);
  return generate(model, { ...advance, state: forkOf(advance.state) }, { ...options, onState }, access);
}

/**
 * Yields tokens until a stop token or the limit. The caller ends it by pulling no more: a token is only run when the
 * next one is asked for.
 *
 * A run gives the state after all of its tokens. When a draft is refused, that state has seen a wrong token: so it is not
 * even made, the one from before the run is kept, and the tokens that were right are run again, together with what comes next.
 */
export async function* generate(
  model: Model,
  from: Beginning,
  { pick, stop, maxTokens, draft, onState = () => {}, mostUnsettled = 0 }: DecodeOptions,
  access: ModelAccess,
): AsyncGenerator<TokenId, void> {
  if (maxTokens < 1) return;
  const { vocabSize } = model.architecture;
  /** The state from which the next run starts, and the chosen tokens that it has not seen. */
  let { state } = from;
  let unsettled = "unsettled" in from ? [...from.unsettled] : [];
  const settle = (settled: State) => {
    state = settled;
    onState(settled, unsettled);
    unsettled = [];
  };
  let drafted: readonly TokenId[] = [];
  let left = maxTokens;
  /** Logits after the last chosen token and after each drafted one, and the state after all of them. */
  const run = async () => {
    drafted = unsettled.length > MOST_UNSETTLED ? [] : (draft?.(left - 1) ?? []).slice(0, left - 1);
    await access.nextRun();
    const rows = Array.from({ length: drafted.length + 1 }, (_, index) => unsettled.length - 1 + index);
    const result = await model.forward([...unsettled, ...drafted], state, rows);
    if (drafted.length === 0 && unsettled.length > mostUnsettled) settle(result.state);
    return result;
  };
  const first = "logits" in from ? from : await run();
  for (let last: Pick<ForwardResult, "state" | "logits"> = first; ; last = await run()) {
    let row = 0;
    for (let agrees = true; agrees; row++) {
      const token = pick(last.logits.subarray(row * vocabSize, (row + 1) * vocabSize));
      if (stop.includes(token)) return;
      agrees = row < drafted.length && token === drafted[row];
      unsettled.push(token);
      if (agrees && row + 1 === drafted.length && unsettled.length > mostUnsettled) settle(last.state);
      yield token;
      if (--left === 0) return;
    }
  }
}

// What a model says of tokens that are already there: the logits before each of them. Knows token ids and states only.

import type { Model, TokenId } from "../model/model";
import type { State } from "../model/state";
import type { ModelAccess } from "../modelAccess";

/**
 * Runs `tokens` after `base`, and calls `use` for each of them from index `first` on, in order, with the logits that
 * predict it: [vocabSize], not to be kept. The first token after `base` has none.
 * @param chunkTokens tokens of one run: each of them wants its logits, and those are large
 */
export async function forEachPrediction(
  model: Model,
  base: State,
  tokens: readonly TokenId[],
  first: number,
  chunkTokens: number,
  access: ModelAccess,
  use: (logits: Float32Array, token: TokenId) => void,
): Promise<void> {
  const { vocabSize } = model.architecture;
  let state = base;
  // The last token predicts nothing that is asked for, so it is not run.
  for (let start = 0; start < tokens.length - 1; start += chunkTokens) {
    await access.nextRun();
    const chunk = tokens.slice(start, Math.min(start + chunkTokens, tokens.length - 1));
    const predicting = [...chunk.keys()].filter((row) => start + row + 1 >= first);
    const result = await model.forward(chunk, state, predicting);
    predicting.forEach((row, index) => {
      use(result.logits.subarray(index * vocabSize, (index + 1) * vocabSize), tokens[start + row + 1]!);
    });
    // Not made after the last run, as nobody wants it.
    if (start + chunkTokens < tokens.length - 1) ({ state } = result);
  }
}

/**
 * The logits after each of `tokens` from index `first` on, run in chunks of the given sizes by turns: [tokens of the chunk,
 * vocabSize] for each chunk that has some. Slow and obvious, for comparing with a reference.
 */
export async function* logitsInChunks(
  model: Model,
  tokens: readonly TokenId[],
  chunks: readonly number[],
  first = 0,
): AsyncGenerator<Float32Array> {
  let state = model.emptyState;
  for (let run = 0; state.position < tokens.length; run++) {
    const chunk = tokens.slice(state.position, state.position + chunks[run % chunks.length]!);
    const start = state.position;
    const wanted = [...chunk.keys()].filter((row) => start + row >= first);
    const result = await model.forward(chunk, state, wanted);
    state = result.state;
    if (wanted.length > 0) yield result.logits;
  }
}

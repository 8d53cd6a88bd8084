// What measurements share: reading a stretch of tokens as the engine does.

import type { ForwardResult, Model, TokenId } from "../../engine/model/model";
import type { State } from "../../engine/model/state";

/** Runs the tokens in chunks; only the last one gives logits. */
export async function readStretch(
  model: Model,
  tokens: readonly TokenId[],
  from: State,
  chunkTokens: number,
): Promise<ForwardResult> {
  let result: ForwardResult = { state: from, logits: new Float32Array(0) };
  for (let start = 0; start < tokens.length; start += chunkTokens) {
    const chunk = tokens.slice(start, start + chunkTokens);
    const isLast = start + chunkTokens >= tokens.length;
    result = await model.forward(chunk, result.state, isLast ? [chunk.length - 1] : []);
  }
  return result;
}

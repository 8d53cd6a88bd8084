// What measurements share: reading a stretch of tokens as the engine does, and the median of times.

import type { Model, TokenId } from "../../engine/model/model";
import type { State } from "../../engine/model/state";

/** Runs tokens as the engine does: only the last chunk's last token gives logits. */
export async function read(model: Model, tokens: readonly TokenId[], from: State, chunkTokens: number): Promise<State> {
  let state = from;
  for (let start = 0; start < tokens.length; start += chunkTokens) {
    const chunk = tokens.slice(start, start + chunkTokens);
    const isLast = start + chunkTokens >= tokens.length;
    ({ state } = await model.forward(chunk, state, isLast ? [chunk.length - 1] : []));
  }
  return state;
}

export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

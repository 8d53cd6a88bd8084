// How fast the model reads here and now, where tuning/ has not measured it.

import type { Model, TokenId } from "../model/model";
import type { ModelAccess } from "../modelAccess";
import { CHUNK_TOKENS } from "../sequence";

/** The first is slower than all others, and something else may be at work in any. */
const RUNS = 3;

/** Milliseconds a token, of the fastest run. @param now milliseconds since some fixed moment */
export async function timeReading(
  model: Model,
  some: TokenId,
  access: ModelAccess,
  now: () => number,
): Promise<number> {
  const tokens = Array.from({ length: model.chunkTokens ?? CHUNK_TOKENS }, () => some);
  let ms = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    await access.nextRun();
    const began = now();
    await model.forward(tokens, model.emptyState, []);
    ms = Math.min(ms, now() - began);
  }
  return ms / tokens.length;
}

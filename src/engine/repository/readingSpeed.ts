// How fast the model reads here and now, where tuning/ has not measured it.

import type { Model, TokenId } from "../model/model";
import type { ModelAccess } from "../modelAccess";
import { CHUNK_TOKENS } from "../sequence";

/** Milliseconds a token. @param now milliseconds since some fixed moment */
export async function timeReading(
  model: Model,
  some: TokenId,
  access: ModelAccess,
  now: () => number,
): Promise<number> {
  const tokens = Array.from({ length: model.chunkTokens ?? CHUNK_TOKENS }, () => some);
  let ms = 0;
  // The first run is slower than all others.
  for (let run = 0; run < 2; run++) {
    await access.nextRun();
    const began = now();
    await model.forward(tokens, model.emptyState, []);
    ms = now() - began;
  }
  return ms / tokens.length;
}

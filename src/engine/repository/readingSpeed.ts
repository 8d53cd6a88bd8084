// How fast the model reads here and now: as tuning/ has measured it, or else timed when somebody has to know.

import { type Clocks, MACHINE_CLOCKS } from "../../machine/clocks";
import { CHUNK_TOKENS } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";

/** The first is slower than all others, and something else may be at work in any. */
const RUNS = 3;

export class ReadingSpeed {
  /** Milliseconds a token. */
  #timedMs: number | undefined;

  constructor(
    private readonly lm: LanguageModel,
    private readonly clocks: Pick<Clocks, "elapsedMs"> = MACHINE_CLOCKS,
  ) {}

  /** Milliseconds a token; undefined as long as nobody had to know. */
  get tokenMs(): number | undefined {
    return this.lm.tuning?.tokenMs ?? this.#timedMs;
  }

  /** Times some runs, unless it is known by the time the model is free. */
  async learn(access: ModelAccess): Promise<void> {
    await access.nextRun(); // Which may come only when it has been measured.
    if (this.tokenMs === undefined) this.#timedMs = await this.#time(access);
  }

  /** The milliseconds a token of the fastest run. */
  async #time(access: ModelAccess): Promise<number> {
    const { model, about } = this.lm;
    const tokens = Array.from({ length: model.runLengths?.chunkTokens ?? CHUNK_TOKENS }, () => about.tokens.bos);
    let ms = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run++) {
      await access.nextRun();
      const began = this.clocks.elapsedMs();
      await model.forward(tokens, model.emptyState, []);
      ms = Math.min(ms, this.clocks.elapsedMs() - began);
    }
    return ms / tokens.length;
  }
}

// How fast the model reads here and now: as tuning/ has measured it, or else timed when somebody has to know.

import { type Clocks, MACHINE_CLOCKS } from "../../machine/clocks";
import { CHUNK_TOKENS } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";

/** The first is slower than all others, and something else may be at work in any. */
const RUNS = 3;

export class ReadingSpeed {
  /** Milliseconds a token, of each run that was timed. */
  readonly #timed: number[] = [];

  constructor(
    private readonly lm: LanguageModel,
    private readonly clocks: Pick<Clocks, "elapsedMs"> = MACHINE_CLOCKS,
    /** Milliseconds a token in the last runs, whatever they were for; undefined: none was seen yet. */
    private readonly lastMs: () => number | undefined = () => undefined,
  ) {}

  /** Milliseconds a token; undefined as long as nobody had to know. */
  get tokenMs(): number | undefined {
    return this.lm.tuning?.tokenMs ?? (this.#timed.length < RUNS ? undefined : Math.min(...this.#timed));
  }

  /** As `tokenMs`, or else what the last runs have taken. */
  get roughTokenMs(): number | undefined {
    return this.tokenMs ?? this.lastMs();
  }

  /** Times runs as long as it is not known. Another folder that learns at the same time makes some of them. */
  async learn(access: ModelAccess): Promise<void> {
    for (;;) {
      await access.nextRun(); // Which may come only when it has been measured.
      if (this.tokenMs !== undefined) return;
      this.#timed.push(await this.#timeRun());
    }
  }

  async #timeRun(): Promise<number> {
    const { model, about } = this.lm;
    const tokens = Array.from({ length: model.runLengths?.chunkTokens ?? CHUNK_TOKENS }, () => about.tokens.bos);
    const began = this.clocks.elapsedMs();
    await model.forward(tokens, model.emptyState, []);
    return (this.clocks.elapsedMs() - began) / tokens.length;
  }
}

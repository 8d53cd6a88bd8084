// How fast the model reads here and now, with whatever else the machine does: by its last runs.

import { type Clocks, MACHINE_CLOCKS } from "../../machine/clocks";
import { CHUNK_TOKENS } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import type { Model } from "../model/model";
import { median } from "../model/timing";
import { withForward } from "../model/withForward";

/** The middle one of so many counts: a single run may have been disturbed. */
const RECENT_RUNS = 5;
/** A run that is much shorter than those of a prompt takes longer a token, and says little of these. */
const LEAST_TOKENS = 16;
const LEAST_PART = 1 / 2;

export class ReadingPace {
  /** Milliseconds a token, of the last runs. */
  #recent: readonly number[] = [];

  constructor(
    private readonly lm: LanguageModel,
    private readonly clocks: Pick<Clocks, "elapsedMs"> = MACHINE_CLOCKS,
  ) {}

  /** Milliseconds a token; undefined: nothing was read yet, and nothing measured. */
  get tokenMs(): number | undefined {
    return this.#recent.length > 0 ? median(this.#recent) : this.lm.tuning?.tokenMs;
  }

  /** The same language model, whose runs are timed. */
  timed(): LanguageModel {
    const { model } = this.lm;
    const forward: Model["forward"] = async (tokens, state, logitRows) => {
      const began = this.clocks.elapsedMs();
      const result = await model.forward(tokens, state, logitRows);
      this.#note(tokens.length, logitRows.length, this.clocks.elapsedMs() - began);
      return result;
    };
    return { ...this.lm, model: withForward(model, forward) };
  }

  /** @param logitRows how many logits were asked for: those of each token take as long again as reading it */
  #note(tokens: number, logitRows: number, ms: number): void {
    const whole = this.lm.model.runLengths?.chunkTokens ?? CHUNK_TOKENS;
    if (tokens >= Math.max(LEAST_TOKENS, LEAST_PART * whole) && logitRows <= 1)
      this.#recent = [ms / tokens, ...this.#recent].slice(0, RECENT_RUNS);
  }
}

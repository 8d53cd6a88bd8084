// How fast the model reads here and now, with whatever else the machine does: by its last runs. How fast it reads at best: as
// tuning/ has measured it, or else timed when somebody has to know.

import { type Clocks, MACHINE_CLOCKS } from "../machine/clocks";
import { chunkTokensOf } from "./decoding/sequence";
import type { LanguageModel } from "./model/languageModel";
import type { ForwardResult, Model } from "./model/model";
import { median } from "./model/timing";
import { withForward } from "./model/withForward";
import type { ModelAccess } from "./modelAccess";

/** The middle one of so many counts: a single run may have been disturbed. */
const RECENT_RUNS = 5;
/** A run that is much shorter than those of a prompt takes longer a token: it says of these at most that they are faster. */
const LEAST_TOKENS = 16;
const LEAST_PART = 1 / 2;
/** The first is slower than all others, and something else may be at work in any. */
const MEASURED_RUNS = 3;

export class ReadingPace {
  /** Milliseconds a token, of the last runs. */
  #recent: readonly number[] = [];
  /** The same, of the runs of `learn`. */
  readonly #measured: number[] = [];

  constructor(
    private readonly lm: LanguageModel,
    private readonly clocks: Pick<Clocks, "elapsedMs"> = MACHINE_CLOCKS,
  ) {}

  /** Milliseconds a token, now; undefined: nothing was read yet, and nothing measured. */
  get tokenMs(): number | undefined {
    return this.#recent.length > 0 ? median(this.#recent) : this.measuredTokenMs;
  }

  /** Milliseconds a token where nothing else is at work; undefined as long as nobody had to know. */
  get measuredTokenMs(): number | undefined {
    const isLearned = this.#measured.length >= MEASURED_RUNS;
    return this.lm.tuning?.tokenMs ?? (isLearned ? Math.min(...this.#measured) : undefined);
  }

  /** The same language model, whose runs are timed. */
  timed(): LanguageModel {
    const forward: Model["forward"] = async (...run) => (await this.#time(...run)).result;
    return { ...this.lm, model: withForward(this.lm.model, forward) };
  }

  /** Times runs as long as `measuredTokenMs` is not known. Who learns it at the same time makes some of them. */
  async learn(access: ModelAccess): Promise<void> {
    const { model, about } = this.lm;
    const tokens = Array.from({ length: this.#wholeRun }, () => about.tokens.bos);
    for (;;) {
      await access.nextRun(); // Which may come only when it has been measured.
      if (this.measuredTokenMs !== undefined) return;
      this.#measured.push((await this.#time(tokens, model.emptyState, [])).tokenMs);
    }
  }

  async #time(...run: Parameters<Model["forward"]>): Promise<{ result: ForwardResult; tokenMs: number }> {
    const [tokens, , logitRows] = run;
    const began = this.clocks.elapsedMs();
    const result = await this.lm.model.forward(...run);
    const tokenMs = (this.clocks.elapsedMs() - began) / tokens.length;
    const isTelling = tokens.length >= LEAST_PART * this.#wholeRun || tokenMs < (this.tokenMs ?? 0);
    // The logits of each token take as long again as reading it.
    if (isTelling && tokens.length >= LEAST_TOKENS && logitRows.length <= 1)
      this.#recent = [tokenMs, ...this.#recent].slice(0, RECENT_RUNS);
    return { result, tokenMs };
  }

  /** Tokens of a run, where there are enough. */
  get #wholeRun(): number {
    return chunkTokensOf(this.lm.model);
  }
}

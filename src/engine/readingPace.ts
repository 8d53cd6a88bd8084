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
/** Whole is a run of at least so many tokens, and of such a part of those of a prompt. */
const LEAST_TOKENS = 16;
const LEAST_PART = 1 / 2;
/** A short run takes longer a token; one that is shorter than those of a trunk, so much longer that it says nothing. */
const LEAST_SHORT_TOKENS = 32;
/** The first is slower than all others, and something else may be at work in any. */
const MEASURED_RUNS = 3;

interface TimedRun {
  readonly tokenMs: number;
  readonly isWhole: boolean;
}

export class ReadingPace {
  /** The newest first. */
  #recent: readonly TimedRun[] = [];
  /** Milliseconds a token, of the runs of `learn`. */
  readonly #measured: number[] = [];

  constructor(
    private readonly lm: LanguageModel,
    private readonly clocks: Pick<Clocks, "elapsedMs"> = MACHINE_CLOCKS,
  ) {}

  /** Milliseconds a token, now; undefined: nothing was read yet, and nothing measured. */
  get tokenMs(): number | undefined {
    const most = this.#mostOfShort;
    if (most === undefined || this.#recent.length === 0) return most;
    return median(this.#recent.map(({ tokenMs, isWhole }) => (isWhole ? tokenMs : Math.min(tokenMs, most))));
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
    const isWhole = tokens.length >= Math.max(LEAST_TOKENS, LEAST_PART * this.#wholeRun);
    // The logits of each token take as long again as reading it.
    if ((isWhole || tokens.length >= LEAST_SHORT_TOKENS) && logitRows.length <= 1)
      this.#recent = [{ tokenMs, isWhole }, ...this.#recent].slice(0, RECENT_RUNS);
    return { result, tokenMs };
  }

  /**
   * What a short run counts as at most: of the whole ones it only says whether they are faster by now. Where all have been short
   * lately, as while a trunk is read on a slow machine, they are what there is. Undefined: short ones say nothing yet.
   */
  get #mostOfShort(): number | undefined {
    const whole = this.#recent.filter(({ isWhole }) => isWhole);
    if (whole.length > 0) return median(whole.map(({ tokenMs }) => tokenMs));
    return this.#recent.length < RECENT_RUNS ? this.measuredTokenMs : Infinity;
  }

  /** Tokens of a run, where there are enough. */
  get #wholeRun(): number {
    return chunkTokensOf(this.lm.model);
  }
}

// A model that counts what is asked of it (how much of a prompt was there, was run, and was written) and takes the time
// of the recording for it.
//
// It counts runs rather than trust a result's figures: a request that is cancelled has no result and yet has run.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Architecture } from "../../engine/model/architecture";
import type { ForwardResult, Model, TokenId } from "../../engine/model/model";
import type { State } from "../../engine/model/state";

/** In this machine's time, also while `performance` tells a recording's. */
const machineNow = performance.now.bind(performance);

export interface Work {
  /** Tokens of the prompt that a saved state held. */
  readonly reused: number;
  /** Tokens of the prompt that were run. */
  readonly replayed: number;
  /** Tokens that were run after the prompt's last. */
  readonly generated: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export const NO_WORK: Work = { reused: 0, replayed: 0, generated: 0, prefillMs: 0, decodeMs: 0 };

/** The work of two requests. What the second one reused, the first one may have run. */
export function addWork(one: Work, other: Work): Work {
  return {
    reused: one.reused + other.reused,
    replayed: one.replayed + other.replayed,
    generated: one.generated + other.generated,
    prefillMs: one.prefillMs + other.prefillMs,
    decodeMs: one.decodeMs + other.decodeMs,
  };
}

/** One job's work, while it is done. */
export class Meter {
  readonly #work: { -readonly [Key in keyof Work]: Work[Key] } = { ...NO_WORK };
  #hasRun = false;
  /** The prompt ends with the first run whose logits are wanted. */
  #isWriting = false;

  get work(): Work {
    return { ...this.#work };
  }

  count(tokens: number, before: State, wantsLogits: boolean, tookMs: number): void {
    if (!this.#hasRun) this.#work.reused = before.position;
    this.#hasRun = true;
    this.#work[this.#isWriting ? "generated" : "replayed"] += tokens;
    this.#work[this.#isWriting ? "decodeMs" : "prefillMs"] += tookMs;
    if (wantsLogits) this.#isWriting = true;
  }
}

/** How long a run of so many tokens takes in the recording's time, when it took `tookMs` here. */
export type RunTime = (tokens: number, tookMs: number) => number;

export interface Waiting {
  /** Awaits what others do. */
  for<R>(promise: Promise<R>): Promise<R>;
  /** Lets so much of the recording's time pass. */
  pass(ms: number): Promise<void>;
}

export class MeteredModel implements Model {
  readonly architecture: Architecture;
  readonly emptyState: State;
  readonly #meters = new AsyncLocalStorage<Meter>();
  #running: Promise<unknown> | undefined;

  constructor(
    private readonly inner: Model,
    private readonly runTime: RunTime,
    private readonly waiting: Waiting,
  ) {
    this.architecture = inner.architecture;
    this.emptyState = inner.emptyState;
  }

  /** The run under way, until whose end an engine sees no message and begins nothing. */
  get running(): Promise<unknown> | undefined {
    return this.#running;
  }

  /** Does `job` and counts on `meter` all that it runs. */
  metered<R>(meter: Meter, job: () => Promise<R>): Promise<R> {
    return this.#meters.run(meter, job);
  }

  /** One run at a time, as a run blocks the engine. */
  forward(tokens: readonly TokenId[], state: State, logitRows: readonly number[]): Promise<ForwardResult> {
    const run = this.#runAfter(this.#running, tokens, state, logitRows);
    const ended: Promise<unknown> = run
      .catch(() => {})
      .then(() => {
        if (this.#running === ended) this.#running = undefined;
      });
    this.#running = ended;
    return run;
  }

  async #runAfter(
    before: Promise<unknown> | undefined,
    tokens: readonly TokenId[],
    state: State,
    logitRows: readonly number[],
  ): Promise<ForwardResult> {
    if (before !== undefined) await this.waiting.for(before);
    const began = machineNow();
    const result = await this.inner.forward(tokens, state, logitRows);
    // The state is made when it is read, and belongs to the run's time; but a draft's may never be wanted.
    if (logitRows.length < 2) void result.state;
    const ms = this.runTime(tokens.length, machineNow() - began);
    this.#meters.getStore()?.count(tokens.length, state, logitRows.length > 0, ms);
    await this.waiting.pass(ms);
    return result;
  }

  dispose(): Promise<void> {
    return this.inner.dispose();
  }
}

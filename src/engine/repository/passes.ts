// One pass after another: begun when it is wanted, ended when it is in the way, begun again after a while. Knows nothing of
// what a pass does.

import { Cancelled, type ModelAccess } from "../modelAccess";

export interface PassesOptions {
  readonly pass: () => Promise<void>;
  /** A pass has failed; one that was ended has not. */
  readonly onFailure: (error: Error) => void;
  /** After this a pass is tried again; then after twice as long, and so on. */
  readonly retryMs: number;
  /** The first pass begins after this. */
  readonly after: Promise<unknown>;
}

/** The longest wait between two tries, if nothing happens meanwhile. */
const MOST_RETRY_MS = 240_000;

export class Passes {
  /** Ends the pass under way. */
  #passing = new AbortController();
  /** Passes, and what others do meanwhile, come one after the other. */
  #last: Promise<unknown>;
  /** Ends when no more passes are wanted. */
  #running: Promise<void> | undefined;
  #isDisposed = false;
  #isWanted = false;
  #wakeTimer: NodeJS.Timeout | undefined;
  #retryMs: number;

  constructor(private readonly options: PassesOptions) {
    this.#last = options.after;
    this.#retryMs = options.retryMs;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Something has happened: one more pass, after the one that is under way. Nobody waits for it, as it may take hours. */
  begin(): void {
    this.#retryMs = this.options.retryMs;
    this.#goOn();
  }

  /** Resolves when no more passes are wanted. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** One more pass, once the one that is under way is over; where there is none, it begins none. */
  want(): void {
    this.#isWanted = true;
  }

  /** Ends the pass under way: the one that comes then does what this one did not come to. */
  endForAnother(reason: string): void {
    this.want();
    this.#end(reason);
  }

  /** Does `work` while there is no pass. */
  async alone<R>(work: () => Promise<R>): Promise<R> {
    const letGo = await this.hold();
    try {
      return await work();
    } finally {
      letGo();
    }
  }

  /** Resolves when there is no pass; none begins until what this gives is called. */
  async hold(): Promise<() => void> {
    const before = this.#last;
    let letGo = () => {};
    this.#last = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await before;
    return letGo;
  }

  /** Begins a pass after the shortest of these waits; without one, not by itself. */
  wakeAfter(...waitsMs: readonly number[]): void {
    clearTimeout(this.#wakeTimer);
    if (this.isDisposed || waitsMs.length === 0) return;
    this.#wakeTimer = setTimeout(() => this.#goOn(), Math.min(...waitsMs));
    this.#wakeTimer.unref();
  }

  /** How long to wait before the next try: longer each time, until something happens. */
  nextRetryMs(): number {
    const retryMs = this.#retryMs;
    this.#retryMs = Math.min(2 * retryMs, MOST_RETRY_MS);
    return retryMs;
  }

  /** Access to the model that comes while the pass under way is not ended. */
  accessOf(access: ModelAccess): ModelAccess {
    const { signal } = this.#passing;
    return {
      signal,
      nextRun: async () => {
        signal.throwIfAborted();
        await orAborted(access.nextRun(), signal);
      },
    };
  }

  /** Resolves when nothing is done any more. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#end("the folder was closed");
    clearTimeout(this.#wakeTimer);
    await this.#last;
  }

  #end(reason: string): void {
    this.#passing.abort(new Cancelled(reason));
  }

  #goOn(): void {
    this.want();
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      // Also after a pass that has failed: what has changed meanwhile may be what it wants.
      while (this.#isWanted && !this.isDisposed) {
        this.#isWanted = false;
        this.#passing = new AbortController();
        const { signal } = this.#passing;
        await this.alone(() => this.#passUntil(signal));
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #passUntil(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      await this.options.pass();
    } catch (error) {
      if (!(error instanceof Cancelled)) this.options.onFailure(error as Error);
    }
  }
}

/** Waits for `promise`, but not beyond the signal, whose reason it throws. */
async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener("abort", stop, { once: true });
  });
  await Promise.race([promise, aborted]);
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
}

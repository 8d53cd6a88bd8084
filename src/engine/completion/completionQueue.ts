// How completions and the reading ahead of them wait for the model. The server and a replayed recording queue them here.

import type { ModelAccess } from "../modelAccess";
import type { Job, Scheduler } from "../scheduler";

type Work<R> = (access: ModelAccess) => Promise<R>;

export class CompletionQueue {
  #preparing: Job<unknown> | undefined;

  constructor(private readonly scheduler: Scheduler) {}

  /**
   * Runs a completion. One that somebody waits for ends the reading ahead, which was for another place or is a part of what the
   * completion reads itself.
   * @param isSpeculative it is written ahead: nobody waits for it yet, but it comes before the reading ahead, which may take
   * seconds
   */
  complete<R>(isSpeculative: boolean, work: Work<R>): Job<R> {
    if (!isSpeculative) this.stopPreparing();
    return this.scheduler.start(isSpeculative ? "ahead" : "completion", work);
  }

  /** Reads the text before the cursor while nobody waits; the next completion finds it done. */
  prepare<R>(work: Work<R>): Job<R> {
    this.stopPreparing();
    const job = this.scheduler.start("prepare", work);
    this.#preparing = job;
    return job;
  }

  /** Ends the reading ahead, as with a key: what that asks for some 50 ms later must not find the model in a run. */
  stopPreparing(): void {
    this.#preparing?.cancel("something newer is wanted");
    this.#preparing = undefined;
  }
}

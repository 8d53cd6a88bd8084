// How completions and the reading ahead of them wait for the model. The server and a replayed recording queue them here.

import type { ModelAccess } from "../modelAccess";
import type { Scheduler } from "../scheduler";

type Work<R> = (access: ModelAccess) => Promise<R>;

export class CompletionQueue {
  #preparing: number | undefined;

  constructor(private readonly scheduler: Scheduler) {}

  /**
   * Runs a completion. What somebody waits for ends the reading ahead: that was for another place, or is a part of it.
   * @param isSpeculative nobody waits for it yet
   * @param onStart is told the scheduler's job
   */
  complete<R>(isSpeculative: boolean, work: Work<R>, onStart: (job: number) => void): Promise<R> {
    if (!isSpeculative) this.#cancelPreparing();
    return this.scheduler.run(isSpeculative ? "prepare" : "completion", work, onStart);
  }

  /** Reads the text before the cursor while nobody waits; the next completion finds it done. */
  prepare<R>(work: Work<R>): Promise<R> {
    this.#cancelPreparing();
    return this.scheduler.run("prepare", work, (job) => {
      this.#preparing = job;
    });
  }

  #cancelPreparing(): void {
    if (this.#preparing !== undefined) this.scheduler.cancel(this.#preparing, "something newer is wanted");
    this.#preparing = undefined;
  }
}

// Access to the model for the trunk's reading, which may take hours: what has changed is looked at, and a pause obeyed,
// before each run and also while it waits for one.

import { Cancelled, type ModelAccess } from "../modelAccess";
import type { PendingChanges } from "./pendingChanges";

/** Ends the trunk's reading; the pass under way goes on without it. */
export class Paused extends Cancelled {}

export class TrunkAccess {
  #pauseReason: string | undefined;
  #onNews = () => {};

  /** @param followChanges looks at what is pending; throws what ends the reading */
  constructor(
    private readonly pending: PendingChanges,
    private readonly followChanges: (access: ModelAccess) => Promise<void>,
  ) {}

  /** @param reason a sentence; undefined: go on. @returns whether what was paused goes on now */
  setPaused(reason: string | undefined): boolean {
    const goesOn = this.#pauseReason !== undefined && reason === undefined;
    this.#pauseReason = reason;
    this.notify();
    return goesOn;
  }

  /** To be told when something is pending: a reading that waits for its turn then looks at it at once. */
  notify(): void {
    this.#onNews();
  }

  /** One run at a time: what has changed wakes no second one that waits. */
  of(access: ModelAccess): ModelAccess {
    return { signal: access.signal, nextRun: () => this.#turnOf(access) };
  }

  async #turnOf(access: ModelAccess): Promise<void> {
    let turn: Promise<boolean> | undefined;
    for (;;) {
      await this.followChanges(access);
      if (this.#pauseReason !== undefined) throw new Paused(this.#pauseReason);
      // Something may have come while changes were looked at, when nobody was waiting for news.
      if (this.#hasNews) continue;
      const isFresh = turn === undefined;
      turn ??= access.nextRun().then(() => true);
      if (!(await Promise.race([turn, this.#news()]))) continue;
      // A turn that was given while changes were looked at may be over by now: then another is asked for.
      if (isFresh && !this.#hasNews) return;
      turn = undefined;
    }
  }

  get #hasNews(): boolean {
    return this.pending.isAny || this.pending.hasPaths || this.#pauseReason !== undefined;
  }

  /** Resolves when there is something to look at. */
  #news(): Promise<false> {
    return new Promise((resolve) => {
      this.#onNews = () => resolve(false);
    });
  }
}

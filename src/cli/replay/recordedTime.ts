// The time of a recording: stands still while the engine works, and moves on from event to event.

import type { Clock } from "../../ghostText/clock";

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

export class RecordedTime implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  /** `settle` waits for all that the program does by itself after a timer. */
  constructor(private readonly settle: () => Promise<void>) {}

  now(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  async advanceTo(end: number): Promise<void> {
    await this.settle();
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.action();
      await this.settle();
    }
    this.#now = end;
  }

  #nextUntil(end: number): Timer | undefined {
    let first: Timer | undefined;
    // What falls due at the very moment of an event comes after it, as a key does not wait for a timer.
    for (const timer of this.#timers) if (timer.at < end && (first === undefined || timer.at < first.at)) first = timer;
    return first;
  }
}

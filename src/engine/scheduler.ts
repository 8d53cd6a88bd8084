// Shares one model between jobs: the most urgent one runs, one run of the model at a time.
//
// The model's run blocks the process, so messages (edits, cancels, new requests) are only seen between runs; every
// job therefore yields to the event loop before its next run. A more urgent job that arrives is let through there. Equals
// come in the order of their arrival, but for reading, which takes hours: there they take turns, and wait for a quiet moment.

import { setImmediate as yieldToMessages } from "node:timers/promises";
import { Cancelled, type ModelAccess } from "./modelAccess";

/** Most urgent first. */
const PRIORITIES = ["completion", "chat", "ahead", "prepare", "index", "read"] as const;
export type Priority = (typeof PRIORITIES)[number];
const INDEX = PRIORITIES.indexOf("index");
const READ = PRIORITIES.indexOf("read");

/** Work that has been started. */
export interface Job<T> {
  /** What comes of it; rejects with `Cancelled` when it was cancelled. */
  readonly end: Promise<T>;
  /** Ends it before its next run of the model. Does nothing when it has ended. */
  cancel(reason: string): void;
}

/** For the wait between the keys of somebody who types; tests bring their own. */
export interface SchedulerClock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Runs `action` once after so many milliseconds. */
  after(delayMs: number, action: () => void): unknown;
}

const CLOCK: SchedulerClock = {
  now: () => performance.now(),
  after: (delayMs, action) => setTimeout(action, delayMs).unref(),
};

interface Queued extends ModelAccess {
  readonly priority: number;
  /** Of equals, the least comes first. */
  place: number;
  cancelled: string | undefined;
  wake: () => void;
}

export class Scheduler {
  readonly #queue = new Set<Queued>();
  #places = 0;
  #closed: string | undefined;
  #quietAt = Number.NEGATIVE_INFINITY;
  #willWake = false;
  readonly #holds = new Set<object>();

  /** @param quietMs reading waits until nobody has done anything for so long: a key must not find it in a run */
  constructor(
    private readonly quietMs = 0,
    private readonly clock: SchedulerClock = CLOCK,
  ) {}

  /** Somebody is at work. Whatever is started for them says so itself, when it begins and when it ends. */
  disturb(): void {
    this.#quietAt = this.clock.now() + this.quietMs;
  }

  /** Nothing is read until what this gives is called. */
  holdReading(): () => void {
    const hold = {};
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      this.#wakeNext();
    };
  }

  /** Starts `work`, which must ask for `nextRun` before every run of the model. */
  start<T>(priority: Priority, work: (access: ModelAccess) => Promise<T>): Job<T> {
    const queued = this.#add(priority);
    if (isForSomebody(queued)) this.disturb();
    return { end: this.#endOf(queued, work), cancel: (reason) => cancel(queued, reason) };
  }

  /** Ends every job before its next run, also those that are still to come. */
  close(reason: string): void {
    this.#closed = reason;
    for (const queued of this.#queue) cancel(queued, reason);
  }

  async #endOf<T>(queued: Queued, work: (access: ModelAccess) => Promise<T>): Promise<T> {
    try {
      return await work(queued);
    } finally {
      if (isForSomebody(queued)) this.disturb();
      this.#queue.delete(queued);
      this.#wakeNext();
    }
  }

  #add(priority: Priority): Queued {
    const queued: Queued = {
      priority: PRIORITIES.indexOf(priority),
      place: ++this.#places,
      cancelled: this.#closed,
      wake: () => {},
      nextRun: async () => {
        await yieldToMessages();
        if (priority === "read") {
          queued.place = ++this.#places;
          this.#wakeNext();
        }
        while (queued.cancelled === undefined && !(this.#mostUrgent() === queued && this.#isTimeFor(queued))) {
          await new Promise<void>((resolve) => {
            queued.wake = resolve;
          });
        }
        if (queued.cancelled !== undefined) throw new Cancelled(queued.cancelled);
      },
    };
    this.#queue.add(queued);
    return queued;
  }

  #mostUrgent(): Queued | undefined {
    let best: Queued | undefined;
    for (const queued of this.#queue) {
      if (queued.cancelled === undefined && (best === undefined || comesBefore(queued, best))) best = queued;
    }
    return best;
  }

  /** Where it is not, the job is woken when it may be. */
  #isTimeFor({ priority }: Queued): boolean {
    if (priority !== READ) return true;
    const waitMs = this.#quietAt - this.clock.now();
    if (waitMs > 0) this.#wakeAfter(waitMs);
    return waitMs <= 0 && this.#holds.size === 0;
  }

  #wakeAfter(waitMs: number): void {
    if (this.#willWake) return;
    this.#willWake = true;
    this.clock.after(waitMs, () => {
      this.#willWake = false;
      this.#wakeNext();
    });
  }

  #wakeNext(): void {
    this.#mostUrgent()?.wake();
  }
}

function isForSomebody({ priority }: Queued): boolean {
  return priority < INDEX;
}

function cancel(queued: Queued, reason: string): void {
  queued.cancelled ??= reason;
  queued.wake();
}

function comesBefore(one: Queued, other: Queued): boolean {
  return one.priority === other.priority ? one.place < other.place : one.priority < other.priority;
}

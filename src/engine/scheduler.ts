// Shares one model between jobs: the most urgent one runs, one run of the model at a time.
//
// The model's run blocks the process, so messages (edits, cancels, new requests) are only seen between runs; every
// job therefore yields to the event loop before its next run. A more urgent job that arrives is let through there. Equals
// come in the order of their arrival, but for reading, which takes hours: there they take turns.

import { setImmediate as yieldToMessages } from "node:timers/promises";
import { Cancelled, type ModelAccess } from "./modelAccess";

/** Most urgent first. */
const PRIORITIES = ["completion", "chat", "prepare", "index", "read"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Work that has been started. */
export interface Job<T> {
  /** What comes of it; rejects with `Cancelled` when it was cancelled. */
  readonly end: Promise<T>;
  /** Ends it before its next run of the model. Does nothing when it has ended. */
  cancel(reason: string): void;
}

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

  /** Starts `work`, which must ask for `nextRun` before every run of the model. */
  start<T>(priority: Priority, work: (access: ModelAccess) => Promise<T>): Job<T> {
    const queued = this.#add(priority);
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
        while (queued.cancelled === undefined && this.#mostUrgent() !== queued) {
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

  #wakeNext(): void {
    this.#mostUrgent()?.wake();
  }
}

function cancel(queued: Queued, reason: string): void {
  queued.cancelled ??= reason;
  queued.wake();
}

function comesBefore(one: Queued, other: Queued): boolean {
  return one.priority === other.priority ? one.place < other.place : one.priority < other.priority;
}

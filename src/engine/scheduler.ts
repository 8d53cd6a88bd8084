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

interface Job extends ModelAccess {
  readonly priority: number;
  readonly number: number;
  /** Of equals, the least comes first. */
  place: number;
  cancelled: string | undefined;
  wake: () => void;
}

export class Scheduler {
  readonly #jobs = new Map<number, Job>();
  #count = 0;
  #places = 0;
  #closed: string | undefined;

  /** Starts `work` and returns its end. `work` must ask for `nextRun` before every run of the model. */
  async run<T>(
    priority: Priority,
    work: (access: ModelAccess) => Promise<T>,
    onStart?: (job: number) => void,
  ): Promise<T> {
    const job = this.#add(priority);
    onStart?.(job.number);
    try {
      return await work(job);
    } finally {
      this.#jobs.delete(job.number);
      this.#wakeNext();
    }
  }

  /** Ends a job before its next run. Does nothing when it has ended. */
  cancel(number: number, reason: string): void {
    const job = this.#jobs.get(number);
    if (job === undefined) return;
    job.cancelled ??= reason;
    job.wake();
  }

  /** Ends every job before its next run, also those that are still to come. */
  close(reason: string): void {
    this.#closed = reason;
    for (const number of this.#jobs.keys()) this.cancel(number, reason);
  }

  #add(priority: Priority): Job {
    const job: Job = {
      priority: PRIORITIES.indexOf(priority),
      number: ++this.#count,
      place: ++this.#places,
      cancelled: this.#closed,
      wake: () => {},
      nextRun: async () => {
        await yieldToMessages();
        if (priority === "read") {
          job.place = ++this.#places;
          this.#wakeNext();
        }
        while (job.cancelled === undefined && this.#mostUrgent() !== job) {
          await new Promise<void>((resolve) => {
            job.wake = resolve;
          });
        }
        if (job.cancelled !== undefined) throw new Cancelled(job.cancelled);
      },
    };
    this.#jobs.set(job.number, job);
    return job;
  }

  #mostUrgent(): Job | undefined {
    let best: Job | undefined;
    for (const job of this.#jobs.values()) {
      if (job.cancelled === undefined && (best === undefined || comesBefore(job, best))) best = job;
    }
    return best;
  }

  #wakeNext(): void {
    this.#mostUrgent()?.wake();
  }
}

function comesBefore(one: Job, other: Job): boolean {
  return one.priority === other.priority ? one.place < other.place : one.priority < other.priority;
}

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
  /** Makes it more urgent: somebody has begun to wait for it, until then (see ModelAccess). Does nothing when it has ended. */
  raise(priority: Priority, answerBy?: number): void;
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

/**
 * A job that reads or indexes and has not asked for its next run for so long waits for something else, such as a network share that
 * does not answer: until it asks, those behind it go on.
 */
const ELSEWHERE_MS = 10_000;

interface Queued extends ModelAccess {
  priority: number;
  raisedAt: number | undefined;
  answerBy: number | undefined;
  /** Since when it has had its turn; undefined while it waits for one. */
  turnSince: number | undefined;
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
  /** When the next job is woken by itself. */
  #wakesAt = Number.POSITIVE_INFINITY;
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
    return {
      end: this.#endOf(queued, work),
      cancel: (reason) => this.#cancel(queued, reason),
      raise: (urgent, answerBy) => this.#raise(queued, urgent, answerBy),
    };
  }

  /** Ends every job before its next run, also those that are still to come. */
  close(reason: string): void {
    this.#closed = reason;
    for (const queued of this.#queue) this.#cancel(queued, reason);
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

  /** It may come to its end much later, as where it waits for a disk: those behind it go on. */
  #cancel(queued: Queued, reason: string): void {
    queued.cancelled ??= reason;
    queued.wake();
    this.#wakeNext();
  }

  /** It may wait for its turn, which has come. */
  #raise(queued: Queued, priority: Priority, answerBy: number | undefined): void {
    queued.priority = PRIORITIES.indexOf(priority);
    queued.raisedAt = this.clock.now();
    queued.answerBy = answerBy;
    this.#wakeNext();
  }

  #add(priority: Priority): Queued {
    const queued: Queued = {
      priority: PRIORITIES.indexOf(priority),
      raisedAt: undefined,
      answerBy: undefined,
      turnSince: undefined,
      place: ++this.#places,
      cancelled: this.#closed,
      wake: () => {},
      nextRun: async () => {
        queued.turnSince = undefined;
        await yieldToMessages();
        if (priority === "read") {
          queued.place = ++this.#places;
          this.#wakeNext();
        }
        while (queued.cancelled === undefined && !this.#mayRun(queued)) {
          await new Promise<void>((resolve) => {
            queued.wake = resolve;
          });
        }
        if (queued.cancelled !== undefined) throw new Cancelled(queued.cancelled);
        this.#giveTurn(queued);
      },
    };
    this.#queue.add(queued);
    this.#giveTurn(queued);
    return queued;
  }

  /** Where it keeps it for too long, those behind it are woken. */
  #giveTurn(queued: Queued): void {
    queued.turnSince = this.clock.now();
    this.#wakeAfter(this.#elsewhereInMs(queued));
  }

  #mostUrgent(): Queued | undefined {
    let best: Queued | undefined;
    for (const queued of this.#queue) {
      if (queued.cancelled !== undefined || this.#elsewhereInMs(queued) <= 0) continue;
      if (best === undefined || comesBefore(queued, best)) best = queued;
    }
    return best;
  }

  /** Where it may not, the job is woken when it may. */
  #mayRun(queued: Queued): boolean {
    return this.#mostUrgent() === queued && this.#isTimeFor(queued);
  }

  /** When it counts as elsewhere, from now; infinite for one that waits for its turn, or for which somebody waits. */
  #elsewhereInMs({ priority, turnSince }: Queued): number {
    if (priority < INDEX || turnSince === undefined) return Number.POSITIVE_INFINITY;
    return turnSince + ELSEWHERE_MS - this.clock.now();
  }

  #isTimeFor({ priority }: Queued): boolean {
    if (priority !== READ) return true;
    const waitMs = this.#quietAt - this.clock.now();
    if (waitMs > 0) this.#wakeAfter(waitMs);
    return waitMs <= 0 && this.#holds.size === 0;
  }

  #wakeAfter(waitMs: number): void {
    const at = this.clock.now() + waitMs;
    if (at >= this.#wakesAt) return;
    this.#wakesAt = at;
    this.clock.after(Math.ceil(waitMs), () => {
      if (this.#wakesAt === at) this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#wakeNext();
    });
  }

  #wakeNext(): void {
    const best = this.#mostUrgent();
    if (best === undefined) return;
    // One that has its turn is not woken; when it keeps it for too long, the next one is.
    this.#wakeAfter(this.#elsewhereInMs(best));
    best.wake();
  }
}

function isForSomebody({ priority }: Queued): boolean {
  return priority < INDEX;
}

function comesBefore(one: Queued, other: Queued): boolean {
  return one.priority === other.priority ? one.place < other.place : one.priority < other.priority;
}

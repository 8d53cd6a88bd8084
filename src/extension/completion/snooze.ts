// Puts off completions by themselves for a while. VS Code's own snooze puts off every extension's, and tells none of them.

import type { Clock } from "../clock";
import { Emitter } from "../emitter";

export const SNOOZE_MINUTES = 15;

const MINUTE_MS = 60_000;

export class Snooze {
  readonly onChange = new Emitter<void>();
  private end = Number.NEGATIVE_INFINITY;
  private cancelTimer = () => {};

  /** `now` in milliseconds since 1970. */
  constructor(
    private readonly clock: Clock,
    private readonly now: () => number = Date.now,
  ) {}

  /** When it ends, in milliseconds since 1970; undefined while there is none. */
  get endsAt(): number | undefined {
    return this.now() < this.end ? this.end : undefined;
  }

  start(): void {
    this.setEnd(this.now() + SNOOZE_MINUTES * MINUTE_MS);
  }

  stop(): void {
    this.setEnd(Number.NEGATIVE_INFINITY);
  }

  dispose(): void {
    this.cancelTimer();
  }

  private setEnd(end: number): void {
    this.end = end;
    this.watch();
  }

  /** Once a minute at least: the timers of some systems stand still while the machine sleeps. */
  private watch(): void {
    this.cancelTimer();
    const leftMs = this.end - this.now();
    if (leftMs > 0) this.cancelTimer = this.clock.after(Math.min(leftMs, MINUTE_MS), () => this.watch());
    this.onChange.fire();
  }
}

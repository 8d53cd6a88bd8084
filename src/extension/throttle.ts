// Does something at once, and then at most once in an interval, however often it is asked; the last time is never lost.

import type { Clock } from "./clock";

export class Throttle {
  private nextAt = Number.NEGATIVE_INFINITY;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly action: () => void,
  ) {}

  request(): void {
    if (this.cancelTimer) return;
    const delayMs = this.nextAt - this.clock.now();
    if (delayMs <= 0) this.run();
    else this.cancelTimer = this.clock.after(delayMs, () => this.run());
  }

  /** Forgets what was asked for and not done yet. */
  cancel(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  dispose(): void {
    this.cancel();
  }

  private run(): void {
    this.cancel();
    this.nextAt = this.clock.now() + this.intervalMs;
    this.action();
  }
}

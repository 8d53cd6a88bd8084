// Says when somebody is back at the window, and not each time: what follows asks the disk.

import type { Clock } from "../clock";

/** By then, watchers have told what they saw of what was done elsewhere. */
const SETTLE_MS = 10_000;
const EVERY_MS = 5 * 60_000;

export class ComingBack {
  private wasAway = false;
  private saidAt = Number.NEGATIVE_INFINITY;
  private cancelTimer = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly say: () => void,
  ) {}

  /** The window has got the keyboard, or lost it to another program, or something else about it has changed. */
  windowChanged(isFocused: boolean): void {
    this.cancelTimer();
    if (!isFocused) this.wasAway = true;
    else if (this.wasAway) {
      const waitMs = Math.max(SETTLE_MS, this.saidAt + EVERY_MS - this.clock.now());
      this.cancelTimer = this.clock.after(waitMs, () => this.settled());
    }
  }

  dispose(): void {
    this.cancelTimer();
  }

  private settled(): void {
    this.wasAway = false;
    this.saidAt = this.clock.now();
    this.say();
  }
}

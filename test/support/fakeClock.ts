// A clock that stands still until a test turns it.

import type { Clock } from "../../src/extension/clock";

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

export class FakeClock implements Clock {
  private time = 0;
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.time + delayMs, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** The machine sleeps: what fell due meanwhile does so when it wakes up. */
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await this.advance(0);
  }

  /** Lets time pass, with everything that falls due in it and what the program does next because of it. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
      await settled();
    }
    this.time = end;
  }
}

/** Waits until all promises that can settle now have settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

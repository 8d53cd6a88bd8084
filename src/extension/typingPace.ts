// How long to wait before asking the engine: long enough that a fast typist's next key comes first.

const DELAY_MS = 40;
const FAST_TYPING_DELAY_MS = 75;
/** Somebody who types faster than this will probably have typed the next key before an answer is there. */
const FAST_INTERVAL_MS = 140;
/** A longer interval is a pause and says nothing about the pace. */
const PAUSE_MS = 1000;
/** Weight of the newest interval in the mean. */
const NEWEST_WEIGHT = 0.3;

export class TypingPace {
  private lastKeyAt: number | undefined;
  private meanIntervalMs = PAUSE_MS;

  keyTyped(now: number): void {
    const interval = now - (this.lastKeyAt ?? Number.NEGATIVE_INFINITY);
    this.lastKeyAt = now;
    this.meanIntervalMs = interval >= PAUSE_MS ? PAUSE_MS : mix(this.meanIntervalMs, interval);
  }

  get delayMs(): number {
    return this.meanIntervalMs < FAST_INTERVAL_MS ? FAST_TYPING_DELAY_MS : DELAY_MS;
  }
}

function mix(mean: number, newest: number): number {
  return mean + NEWEST_WEIGHT * (newest - mean);
}

// How long to wait before asking the engine, so that a fast typist's next key comes first.
//
// VS Code itself asks only 50 ms after the last key. What is added here spares the processor requests that would be
// cancelled anyway. It is added within words: behind them somebody may stop to look, however fast he has typed (GhostText.keyTyped).

const FAST_TYPING_DELAY_MS = 60;
/** Whoever types faster than this has probably typed the next key before an answer can be there. */
const FAST_INTERVAL_MS = 140;
/** A longer interval is a pause: it says nothing about the pace, and what is typed after it may have another. */
const PAUSE_MS = 1000;
/** Weight of the newest interval in the mean. */
const NEWEST_WEIGHT = 0.3;

/** Of the document in which VS Code asks: there the user types. Others may be written by programs. */
export class TypingPace {
  #uri: string | undefined;
  /** The last edit of another document: VS Code may yet ask because of it. */
  #elsewhere: { readonly uri: string; readonly at: number } | undefined;
  #lastKeyAt: number | undefined;
  #meanIntervalMs: number | undefined;

  edited(uri: string, now: number): void {
    if (uri === this.#uri) this.#keyTyped(now);
    else this.#elsewhere = { uri, at: now };
  }

  asked(uri: string): void {
    if (uri === this.#uri) return;
    this.#uri = uri;
    this.#lastKeyAt = this.#elsewhere?.uri === uri ? this.#elsewhere.at : undefined;
    this.#meanIntervalMs = undefined;
  }

  get delayMs(): number {
    return (this.#meanIntervalMs ?? PAUSE_MS) < FAST_INTERVAL_MS ? FAST_TYPING_DELAY_MS : 0;
  }

  #keyTyped(now: number): void {
    const interval = this.#lastKeyAt === undefined ? PAUSE_MS : now - this.#lastKeyAt;
    this.#lastKeyAt = now;
    if (interval >= PAUSE_MS) this.#meanIntervalMs = undefined;
    else this.#meanIntervalMs = mix(this.#meanIntervalMs ?? interval, interval);
  }
}

function mix(mean: number, newest: number): number {
  return mean + NEWEST_WEIGHT * (newest - mean);
}

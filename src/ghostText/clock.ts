// Time, as an argument, so that tests and the replay of recordings can turn it.

export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Runs `action` once after `delayMs`; the returned function prevents it. */
  after(delayMs: number, action: () => void): () => void;
}

/** Waits; ends early, without an error, when the signal is aborted. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (delayMs <= 0 || signal.aborted) return resolve();
    const cancel = clock.after(delayMs, done);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

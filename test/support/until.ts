// Waits for what nobody announces. A wait without an end would outlive its test, and keep the run alive until its stage is ended.

import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";

/** Less than a test may take, so that what is waited for is named. */
const PATIENCE_MS = 45_000;
/** To look may cost what is waited for its time: where that takes long, it is done less often. */
const LONGEST_PAUSE_MS = 50;

/** Looks again and again until what it sees is wanted, and returns that. Throws with what it last saw. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  isWanted: (seen: T) => boolean = Boolean,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    if (performance.now() > deadline) {
      const lastSeen = inspect(seen, { depth: 8, breakLength: Infinity }).slice(0, 2000);
      throw new Error(`Waited ${timeoutMs} ms in vain until ${what}; last saw ${lastSeen}`);
    }
    await sleep(pauseMs);
  }
}

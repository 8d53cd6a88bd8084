import { setTimeout as sleep } from "node:timers/promises";

/** How long anything in a workbench is waited for: a machine that does other things beside is many times as slow. */
export const PATIENCE_MS = 120_000;

/**
 * Looks again and again until what it sees is wanted, and returns that. Throws with what it last saw.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} look
 * @param {(seen: T) => boolean} isWanted
 * @param {number} [timeoutMs]
 * @returns {Promise<T>}
 */
export async function expectSoon(what, look, isWanted, timeoutMs = PATIENCE_MS) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`No ${what} in ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`);
    await sleep(50);
  }
}

import { setTimeout as sleep } from "node:timers/promises";

/**
 * Looks again and again until what it sees is wanted, and returns that. Throws with what it last saw.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} look
 * @param {(seen: T) => boolean} isWanted
 * @param {number} timeoutMs
 * @returns {Promise<T>}
 */
export async function expectSoon(what, look, isWanted, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`No ${what} in ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`);
    await sleep(50);
  }
}

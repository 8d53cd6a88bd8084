// When a file that is being edited has come to rest. It is then read again as a whole, so a long one has to rest for longer:
// saved again and again, it takes the model a tenth of the time at most.

/** Of the time in which a file is edited, the part in which it is read. */
const READING_SHARE = 0.1;

/**
 * How long a file has to be left alone; of what costs nothing to read, only the least.
 * @param leastMs 0: no file counts as being edited
 * @param tokenMs how fast the model reads, where that is known
 */
export function restMs(tokens: number, leastMs: number, tokenMs = 0): number {
  return leastMs === 0 ? 0 : Math.max(leastMs, (tokens * tokenMs) / READING_SHARE);
}

/**
 * When to look again, for files that come to rest after these times: once for all that do so soon, as they were saved together.
 * Undefined where none is being edited.
 */
export function nextLookInMs(restInMs: readonly number[], soonMs: number): number | undefined {
  const waits = restInMs.filter((ms) => ms > 0);
  if (waits.length === 0) return undefined;
  const next = Math.min(...waits);
  return waits.reduce((last, ms) => (ms <= soonMs ? Math.max(last, ms) : last), next) + 1;
}

// Chance that a seed decides, so that a session can be made again.

/** @param {number} seed */
export function randomFrom(seed) {
  let state = seed >>> 0;
  /** From 0 to 1; mulberry32 by Tommy Ettinger, public domain. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  /** With median 1; `spread` is the deviation of the logarithm. */
  const logNormal = (/** @type {number} */ spread) =>
    Math.exp(spread * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
  return {
    next,
    logNormal,
    /** @param {number} probability */
    happens: (probability) => next() < probability,
  };
}

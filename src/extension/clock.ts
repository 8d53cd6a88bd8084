// The real time. The interface is ghostText's, whose decisions the command line replays with a time of its own.

import type { Clock } from "../ghostText/clock";

export type { Clock } from "../ghostText/clock";

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

const STEP_MS = 1000;

/**
 * Runs `action` once after `delayMs` in which this process ran; the returned function prevents it. The timers of some
 * systems go on while the machine sleeps, and fall due together with whatever they watch over having had no time at all. So
 * the time is counted in steps, of which a sleep is one, however long it was.
 */
export function afterAwake(clock: Clock, delayMs: number, action: () => void): () => void {
  let leftMs = delayMs;
  let cancel = () => {};
  step();
  return () => cancel();

  function step(): void {
    const stepMs = Math.min(STEP_MS, leftMs);
    leftMs -= stepMs;
    cancel = clock.after(stepMs, leftMs > 0 ? step : action);
  }
}

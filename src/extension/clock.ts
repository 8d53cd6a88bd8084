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

// The real time. The interface is ghostText's, whose decisions the command line replays with a time of its own.

import type { Clock } from "../ghostText/clock";
import { TIMERS } from "../machine/awake";

export type { Clock } from "../ghostText/clock";

export const systemClock: Clock = { now: () => performance.now(), after: TIMERS.after };

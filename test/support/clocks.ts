// Clocks that a test sets.

import type { Clocks } from "../../src/machine/clocks";

/** Both tell the same time; without one, they stand still at 0. */
export function clocksAt(now: () => number = () => 0): Clocks {
  return { epochMs: now, elapsedMs: now };
}

// Finds out in the background what the next start will make use of: in child processes, and only while the machine has
// processors to spare, so that neither a completion nor a measurement suffers.

import { setTimeout as sleep } from "node:timers/promises";
import type { LinearTimes } from "./linearProbe";
import { idleShare } from "./machineLoad";
import { type Try, tryProviders } from "./tryProviders";
import type { ModelTuning } from "./tune";

/** The first completions come first, and an editor that starts is busy itself. */
const FIRST_TRY_MS = 60_000;
const NEXT_TRY_MS = 120_000;
const TRIES = 10;
const MOSTLY_IDLE = 0.7;

export interface Learning {
  readonly tuning: ModelTuning;
  readonly measure: () => Promise<LinearTimes>;
  readonly tryProvider: Try;
  /** Called with each change of the tuning. */
  readonly onLearned: () => void;
  /** For tests: how long to wait, and how idle the machine is. */
  readonly wait?: (ms: number) => Promise<unknown>;
  readonly idle?: () => Promise<number>;
}

/** Never rejects. Ends when all is known, or after some tries. */
export async function learn({ tuning, measure, tryProvider, onLearned, ...others }: Learning): Promise<void> {
  const wait = others.wait ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
  const idle = others.idle ?? idleShare;
  for (let i = 0; i < TRIES; i++) {
    if (tuning.isMeasured && tuning.untried.length === 0) return;
    await wait(i === 0 ? FIRST_TRY_MS : NEXT_TRY_MS);
    if ((await idle()) < MOSTLY_IDLE) continue;
    // A measurement that fails is tried again, like one that was disturbed.
    if (!tuning.isMeasured)
      await measure().then(
        (times) => tuning.use(times),
        () => {},
      );
    if (!tuning.isMeasured) continue;
    await tryProviders(tuning.untried, tuning, tryProvider);
    onLearned();
  }
}

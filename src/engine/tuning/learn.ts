// Finds out in the background what the next start will make use of: in child processes, and only while the machine has
// processors and memory to spare, so that neither a completion nor a measurement suffers.

import { setTimeout as sleep } from "node:timers/promises";
import type { LinearTimes } from "../../protocol/modelJobs";
import { availableMemoryBytes } from "../machine/availableMemory";
import { idleShare } from "./machineLoad";
import { type Try, tryProviders } from "./tryProviders";
import type { ModelTuning } from "./tune";

/** The first completions come first, and an editor that starts is busy itself. */
const FIRST_TRY_MS = 60_000;
const NEXT_TRY_MS = 120_000;
const TRIES = 10;
const MOSTLY_IDLE = 0.7;
/** A trial loads the model once more, with what onnxruntime needs besides: a system that lacks memory for it ends some process. */
const ROOM_FOR_TRIAL = 1.3;

export interface Learning {
  readonly tuning: ModelTuning;
  readonly modelBytes: number;
  readonly measure: () => Promise<LinearTimes>;
  readonly tryProvider: Try;
  /** Called with each change of the tuning. */
  readonly onLearned: () => void;
  /** For tests: how long to wait, how idle the machine is, and how much memory it has to spare. */
  readonly wait?: (ms: number) => Promise<unknown>;
  readonly idle?: () => Promise<number>;
  readonly availableBytes?: () => Promise<number>;
}

/** Never rejects. Ends when all is known, or after some tries. */
export async function learn({ tuning, modelBytes, measure, tryProvider, ...others }: Learning): Promise<void> {
  const wait = others.wait ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
  const idle = others.idle ?? idleShare;
  const availableBytes = others.availableBytes ?? availableMemoryBytes;
  for (let i = 0; i < TRIES; i++) {
    if (tuning.isMeasured && tuning.untried.length === 0) return;
    await wait(i === 0 ? FIRST_TRY_MS : NEXT_TRY_MS);
    if ((await idle()) < MOSTLY_IDLE) continue;
    // A measurement that fails is tried again, like one that was disturbed.
    if (!tuning.isMeasured) {
      await measure().then(
        (times) => tuning.use(times),
        () => {},
      );
      if (!tuning.isMeasured) continue;
      others.onLearned();
    }
    if (tuning.untried.length === 0 || (await availableBytes()) < ROOM_FOR_TRIAL * modelBytes) continue;
    await tryProviders(tuning.untried, tuning, tryProvider);
    others.onLearned();
  }
}

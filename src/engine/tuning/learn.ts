// Finds out in the background what suits the machine: in child processes, and only while the machine has processors and
// memory to spare, so that neither a completion nor a measurement suffers. The engine's own reading would keep it from ever
// being so, and waits meanwhile.

import { setTimeout as sleep } from "node:timers/promises";
import { availableMemoryBytes } from "../../machine/availableMemory";
import type { LinearTimes } from "../../protocol/modelJobs";
import { isIdle } from "./machineLoad";
import { type Try, tryProviders } from "./tryProviders";
import type { ModelTuning } from "./tune";
import { failedFinding } from "./tuningFile";

/** Before the reading begins, which a large model is to do with what was measured. */
const FIRST_LOOK_MS = 3_000;
/** Each wait is twice as long as the one before: an editor that starts is busy itself, and a compiler may be for an hour. */
const LONGEST_WAIT_MS = 120_000;
/** A look costs nothing. A measurement that was disturbed so often, as where a container has few processors, will be again. */
const MEASUREMENTS = 10;
/** Each loads the model. Where the machine slept or stalled in so many, as one does that has to swap, it will in the next. */
const TRIALS = 3;
/** An hour's: a machine whose memory others have, or that never has so much, is not asked all day. The next start asks anew. */
const MEMORY_LOOKS = 30;
/**
 * A trial loads the model once more: a system that lacks memory for it ends some process. The bundled model took 1.6 times its
 * bytes on the processor, and 2.6 times on a graphics card whose memory is the system's own (SwiftShader), where int8 matrices are
 * made into blocks first.
 */
const ROOM_FOR_TRIAL = 2.6;

export interface Learning {
  readonly tuning: ModelTuning;
  readonly modelBytes: number;
  readonly measure: () => Promise<LinearTimes>;
  readonly tryProvider: Try;
  /** The engine reads nothing until what this gives is called. */
  readonly holdReading: () => () => void;
  /** Called with each change of the tuning. */
  readonly onLearned: () => void;
  /** For tests: how long to wait, whether the machine is idle, and how much memory it has to spare. */
  readonly wait?: (ms: number) => Promise<unknown>;
  readonly isIdle?: () => Promise<boolean>;
  readonly availableBytes?: () => Promise<number>;
}

/** Never rejects. Ends when all is known, or cannot be found out. */
export async function learn({
  tuning,
  modelBytes,
  measure,
  tryProvider,
  holdReading,
  ...others
}: Learning): Promise<void> {
  const wait = others.wait ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
  const isIdleNow = others.isIdle ?? isIdle;
  const availableBytes = others.availableBytes ?? availableMemoryBytes;
  let measurementsLeft = MEASUREMENTS;
  let trialsLeft = TRIALS;
  let memoryLooksLeft = MEMORY_LOOKS;

  const isOver = () =>
    tuning.isMeasured ? tuning.untried.length === 0 || memoryLooksLeft === 0 : measurementsLeft === 0;
  const look = async () => {
    await takeFromOthers();
    if (isOver()) return;
    if (tuning.isMeasured && !(await hasRoomForTrial())) memoryLooksLeft--;
    else if (await isIdleNow()) await tuning.inTurn(tuning.isMeasured ? tryAll : measureOnce);
  };
  const measureOnce = async () => {
    // Whose turn it was may have ended since.
    await takeFromOthers();
    if (tuning.isMeasured) return;
    measurementsLeft--;
    // A measurement that fails is tried again, like one that was disturbed.
    await measure().then(
      (times) => tuning.use(times),
      () => {},
    );
    if (tuning.isMeasured) others.onLearned();
  };
  const tryAll = async () => {
    await takeFromOthers();
    if (isOver()) return;
    trialsLeft--;
    await tryProviders(tuning.untried, tuning, tryProvider);
    if (trialsLeft === 0) await giveUpTrials();
    others.onLearned();
  };

  if (isOver()) return;
  await withoutReading(async () => {
    await wait(FIRST_LOOK_MS);
    await look();
  });
  for (let waitMs = 2 * FIRST_LOOK_MS; !isOver(); waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    await wait(waitMs);
    await withoutReading(look);
  }

  async function takeFromOthers(): Promise<void> {
    const wasMeasured = tuning.isMeasured;
    await tuning.takeFromOthers();
    if (tuning.isMeasured && !wasMeasured) others.onLearned();
  }

  async function hasRoomForTrial(): Promise<boolean> {
    return (await availableBytes()) >= ROOM_FOR_TRIAL * modelBytes;
  }

  async function giveUpTrials(): Promise<void> {
    for (const provider of tuning.untried) {
      await tuning.record(provider, failedFinding("the machine slept or was too busy each time"));
    }
  }

  async function withoutReading(work: () => Promise<void>): Promise<void> {
    const letRead = holdReading();
    await work().finally(letRead);
  }
}

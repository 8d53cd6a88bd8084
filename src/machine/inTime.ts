// A wait for something that may never come to an end, such as a disk that has gone.

import { afterAwake, TIMERS } from "./awake";

/** Less than a run of the model, which blocks the process: then time goes on no faster than what is waited for. */
const STEP_MS = 50;

/** What comes of `work`, or of `otherwise` where that takes longer while this process runs. The work goes on all the same. */
export async function inTime<T>(work: Promise<T>, patienceMs: number, otherwise: () => T): Promise<T> {
  let cancelTimer = () => {};
  const late = new Promise<T>((resolve) => {
    cancelTimer = afterAwake(TIMERS, patienceMs, () => resolve(otherwise()), STEP_MS);
  });
  return Promise.race([work, late]).finally(() => cancelTimer());
}

// The jobs on model folders that take long: converting, checking, measuring. Knows nothing of processes and messages.

import type { JobResult, Jobs, JobType, ModelJob } from "../../protocol/modelJobs";
import { convertCheckpoint } from "../convert/convertCheckpoint";
import { CHUNK_TOKENS } from "../decoding/sequence";
import { loadModel } from "../model/loadModel";
import { readModelFolder } from "../model/modelFolder";
import { median } from "../model/timing";
import { isIdle } from "../tuning/machineLoad";
import { runProviderTrial } from "../tuning/providerTrial";
import { measureLinears } from "../tuning/tune";
import { fourBitReading } from "./formProbe";
import { findAlteredFiles, type OnProgress } from "./verify";

/** Throws a sentence for the user, or the signal's reason. */
export function runJob<Type extends JobType>(
  job: ModelJob<Type>,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<JobResult<Type>> {
  const run: Runners[Type] = RUNNERS[job.type];
  return run(job, signal, onProgress);
}

type Runners = {
  readonly [Type in JobType]: (
    asked: Jobs[Type]["asked"],
    signal: AbortSignal,
    onProgress: OnProgress,
  ) => Promise<JobResult<Type>>;
};

const RUNNERS: Runners = {
  async convert({ isCalibrated, ...asked }, signal, onProgress) {
    const { name, displayName, bytes } = await convertCheckpoint({
      ...asked,
      calibration: isCalibrated ? "shipped" : undefined,
      signal,
      onProgress,
    });
    return { name, displayName, bytes };
  },
  async verify({ folder }, signal, onProgress) {
    return { faults: await findAlteredFiles(folder, signal, onProgress) };
  },
  measureSpeed: ({ folder }, signal) => measureSpeed(folder, signal),
  async timeLinears({ folder, threads }) {
    return measureLinears(await readModelFolder(folder), threads);
  },
  async tryProvider({ folder, provider, threads }, signal) {
    return runProviderTrial(await readModelFolder(folder), provider, threads, signal);
  },
};

const PREFILL_CHUNKS = 3;
const DECODED_TOKENS = 16;

async function measureSpeed(folder: string, signal: AbortSignal): Promise<JobResult<"measureSpeed">> {
  const isDisturbed = !(await isIdle());
  const about = await readModelFolder(folder);
  const model = await loadModel(about, { threads: 0 });
  // Speed does not depend on what is read.
  const chunk = Array.from({ length: CHUNK_TOKENS }, (_, i) => (i * 7919) % about.architecture.vocabSize);
  let { state } = await model.forward(chunk, model.emptyState, [0]); // The first run is slower than all others.
  const prefillBegan = performance.now();
  for (let i = 0; i < PREFILL_CHUNKS; i++) {
    signal.throwIfAborted();
    ({ state } = await model.forward(chunk, state, []));
  }
  const prefillMs = performance.now() - prefillBegan;
  const times: number[] = [];
  for (let i = 0; i < DECODED_TOKENS; i++) {
    signal.throwIfAborted();
    const began = performance.now();
    ({ state } = await model.forward([i + 2], state, [0]));
    times.push(performance.now() - began);
  }
  const decodeMs = median(times);
  await model.dispose();
  return {
    prefillTokensPerSecond: (1000 * PREFILL_CHUNKS * CHUNK_TOKENS) / prefillMs,
    decodeTokensPerSecond: 1000 / decodeMs,
    fourBitReading: await fourBitReading(signal),
    isDisturbed,
  };
}

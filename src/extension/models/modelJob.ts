// Jobs on model folders, as the extension host has them done, and its sentence for one that ended early.

import { ModelFault } from "../../engine/model/modelFault";
import { crashHint } from "../../machine/crashHint";
import { EndedEarly, JobFailed, runInChild } from "../../machine/runInChild";
import type { JobProgress, JobResult, ModelJob } from "../../protocol/modelJobs";
import type { Log } from "../log";

export interface JobOptions {
  readonly signal: AbortSignal;
  onProgress?(progress: JobProgress): void;
}

/** What is asked for here; the others are the engine's. */
type JobType = "convert" | "verify" | "measureSpeed";

/** What runs jobs: `modelJobs` with a process for each, or a test's stand-in. */
export type RunJob = <Type extends JobType>(job: ModelJob<Type>, options: JobOptions) => Promise<JobResult<Type>>;

/** @param program the built src/engine/modelJobs/main.ts */
export function modelJobs(program: string, log: Log): RunJob {
  const onComplaints = (text: string) => log.warn(`model job: ${text}`);
  return async (job, options) => {
    let isAtStart = true;
    const onProgress = (progress: JobProgress) => {
      isAtStart = false;
      options.onProgress?.(progress);
    };
    try {
      return await runInChild(program, job, { ...options, onProgress, onComplaints });
    } catch (error) {
      if (error instanceof JobFailed && error.fault) throw new ModelFault(error.fault, error.message, { cause: error });
      if (!(error instanceof EndedEarly)) throw error;
      const hint = crashHint(error.how, { isAtStart });
      const advice = hint === undefined ? MEMORY_HINT : `${hint} Then try again.`;
      throw new Error(`${NAMES[job.type]} ended early (${error.how}). ${advice}`, { cause: error });
    }
  };
}

const NAMES: Readonly<Record<JobType, string>> = {
  convert: "The conversion",
  verify: "The check",
  measureSpeed: "The measurement",
};
const MEMORY_HINT = "If the machine ran out of memory, close other programs, then try again.";

// Finds out about processors, graphics cards and the like, each in a child process, so that a crash there ends nothing here.

import { join } from "node:path";
import { timeoutAwake, unlessAsleep } from "../../machine/awake";
import { runInChild } from "../../machine/runInChild";
import type { JobResult, JobType, LinearTimes, ModelJob, ProviderTrial } from "../../protocol/modelJobs";
import { gainOf, judgeProvider } from "./choices";
import type { ModelTuning } from "./tune";
import { failedFinding, type ProviderFinding, triedFinding } from "./tuningFile";

/** The trial of one provider beside the processor with so many threads; rejects with a phrase when it did not come to an end. */
export type Try = (provider: string, threads: number) => Promise<ProviderTrial>;

/**
 * Tries each of `providers` beside the processor at its best, and records what came out. Never rejects. What came out of a trial
 * in which the machine slept says nothing: drivers fail when it wakes up, and times are those of the sleep.
 */
export async function tryProviders(providers: readonly string[], tuning: Recorder, attempt: Try): Promise<void> {
  for (const provider of providers) {
    const finding = await unlessAsleep(() => findingOf(() => attempt(provider, tuning.threads)));
    if (finding !== undefined) await tuning.record(provider, finding);
  }
}

export type Recorder = Pick<ModelTuning, "record" | "threads">;

async function findingOf(attempt: () => Promise<ProviderTrial>): Promise<ProviderFinding> {
  try {
    const trial = await attempt();
    return triedFinding(judgeProvider(trial), describe(trial), gainOf(trial));
  } catch (error) {
    return failedFinding((error as Error).message);
  }
}

function describe({ cpu, other, difference }: ProviderTrial): string {
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  return (
    `reads ${ratio(cpu.prefillMs, other.prefillMs)} and writes ${ratio(cpu.decodeMs, other.decodeMs)} times as fast ` +
    `as the processor; logits differ by ${(100 * difference).toFixed(1)} %`
  );
}

/** @param programs folder of the built programs */
export function tryInChild(programs: string, folder: string): Try {
  return (provider, threads) => runQuietly(programs, { type: "tryProvider", folder, provider, threads });
}

/** @param programs folder of the built programs */
export function measureInChild(programs: string, folder: string, threads: number): Promise<LinearTimes> {
  return runQuietly(programs, { type: "timeLinears", folder, threads });
}

/** Longer than a 9B takes to load twice from a slow disk. */
const DEADLINE_MS = 600_000;

/** Rejects with a phrase. A driver's complaints are of no use to anybody. */
function runQuietly<Type extends JobType>(programs: string, job: ModelJob<Type>): Promise<JobResult<Type>> {
  const signal = timeoutAwake(DEADLINE_MS);
  return runInChild(join(programs, "modelJobs.js"), job, { signal }).catch((cause: Error) => {
    throw new Error(reasonIn(cause.message), { cause });
  });
}

/** The first line, without onnxruntime's place in its own source. */
function reasonIn(text: string): string {
  return text
    .split("\n", 1)[0]!
    .replace(/^.* was false\. /, "")
    .trim();
}

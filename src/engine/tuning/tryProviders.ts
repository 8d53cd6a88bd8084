// Finds out about graphics cards and the like, each in a child process, so that a crash there ends nothing here.

import { runInChild } from "./childJob";
import { gainOf, judgeProvider, type ProviderTrial } from "./choices";
import type { LinearTimes } from "./linearProbe";
import type { ModelTuning } from "./tune";
import { failedFinding, type ProviderFinding, triedFinding } from "./tuningFile";

/** The trial of one provider beside the processor with so many threads; rejects with a phrase when it did not come to an end. */
export type Try = (provider: string, threads: number) => Promise<ProviderTrial>;

/** Tries each of `providers` beside the processor at its best, and records what came out. Never rejects. */
export async function tryProviders(providers: readonly string[], tuning: Recorder, attempt: Try): Promise<void> {
  for (const provider of providers) {
    await tuning.record(provider, await findingOf(() => attempt(provider, tuning.threads)));
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
  return async (provider, threads) => {
    const result = await runInChild(programs, { type: "tryProvider", folder, provider, threads });
    if (result.type !== "providerTried") throw new Error(`its process answered "${result.type}"`);
    return result.trial;
  };
}

/** @param programs folder of the built programs */
export async function measureInChild(programs: string, folder: string, threads: number): Promise<LinearTimes> {
  const result = await runInChild(programs, { type: "measure", folder, threads });
  if (result.type !== "measured") throw new Error(`its process answered "${result.type}"`);
  return result.times;
}

// Finds out about graphics cards and the like, each in a child process, so that a crash there ends nothing here.

import { fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import type { ModelJobMessage } from "../../protocol/modelJobs";
import { judgeProvider, type ProviderTrial } from "./choices";
import type { ModelTuning } from "./tune";
import type { ProviderFinding } from "./tuningFile";

/** The trial of one provider; rejects with a phrase when it did not come to an end. */
export type Try = (provider: string) => Promise<ProviderTrial>;

/** Tries each of `providers` and records what came out. Never rejects. */
export async function tryProviders(providers: readonly string[], tuning: Recorder, attempt: Try): Promise<void> {
  for (const provider of providers) await tuning.record(provider, await findingOf(provider, attempt));
}

export type Recorder = Pick<ModelTuning, "record">;

async function findingOf(provider: string, attempt: Try): Promise<ProviderFinding> {
  try {
    const trial = await attempt(provider);
    return { verdict: judgeProvider(trial), detail: describe(trial) };
  } catch (error) {
    return { verdict: "failed", detail: (error as Error).message };
  }
}

function describe({ cpu, other, difference }: ProviderTrial): string {
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  return (
    `reads ${ratio(cpu.prefillMs, other.prefillMs)} and writes ${ratio(cpu.decodeMs, other.decodeMs)} times as fast ` +
    `as the processor; logits differ by ${(100 * difference).toFixed(1)} %`
  );
}

/** Longer than a 9B takes to load twice from a slow disk. */
const DEADLINE_MS = 600_000;

/** @param programs folder of the built programs: modelJobs.js lies there */
export function tryInChild(programs: string, folder: string, threads: number): Try {
  return (provider) =>
    new Promise((resolve, reject) => {
      const child = fork(join(programs, "modelJobs.js"), [], {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
        execArgv: [],
        serialization: "advanced",
        // A driver's complaints are of no use to anybody.
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      const deadline = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
      child.once("spawn", () => {
        setPriority(child.pid!, constants.priority.PRIORITY_LOW);
        child.send({ type: "job", job: { type: "tryProvider", folder, provider, threads } });
      });
      child.on("message", (message: ModelJobMessage) => {
        if (message.type === "failed") reject(new Error(reasonIn(message.message)));
        if (message.type === "done" && message.result.type === "providerTried") resolve(message.result.trial);
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        clearTimeout(deadline);
        reject(new Error(`its process ended with ${signal ?? `exit code ${code}`}`));
      });
    });
}

/** The first line, without onnxruntime's place in its own source. */
function reasonIn(text: string): string {
  return text
    .split("\n", 1)[0]!
    .replace(/^.* was false\. /, "")
    .trim();
}

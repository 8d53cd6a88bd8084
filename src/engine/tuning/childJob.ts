// Runs one job on the model folder in a child process, so that a crash there, or its use of processors, hurts nothing here.

import { fork } from "node:child_process";
import { join } from "node:path";
import type { ModelJob, ModelJobMessage, ModelJobResult } from "../../protocol/modelJobs";
import { yieldToOthers } from "../machine/processes";

/** Longer than a 9B takes to load twice from a slow disk. */
const DEADLINE_MS = 600_000;

/**
 * Rejects with a phrase when the job fails or the process ends without a result.
 * @param programs folder of the built programs: modelJobs.js lies there
 */
export function runInChild(programs: string, job: ModelJob): Promise<ModelJobResult> {
  return new Promise((resolve, reject) => {
    const child = fork(join(programs, "modelJobs.js"), [], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      execArgv: [],
      serialization: "advanced",
      // A driver's complaints are of no use to anybody.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // A measurement is short, and must not be slowed down.
    if (job.type === "tryProvider") yieldToOthers(child.pid);
    const kill = () => child.kill("SIGKILL");
    const deadline = setTimeout(kill, DEADLINE_MS);
    // A child whose driver hangs does not notice that this process has gone, and keeps the model's memory.
    process.once("exit", kill);
    child.once("spawn", () => child.send({ type: "job", job }));
    child.on("message", (message: ModelJobMessage) => {
      if (message.type === "failed") reject(new Error(reasonIn(message.message)));
      if (message.type === "done") resolve(message.result);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(deadline);
      process.off("exit", kill);
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

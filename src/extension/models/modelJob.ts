// Runs one job on a model folder in a process of its own, so that the extension host stays free.

import { fork } from "node:child_process";
import { yieldToOthers } from "../../engine/machine/processes";
import type { ModelJob, ModelJobHostMessage, ModelJobMessage, ModelJobResult } from "../../protocol/modelJobs";
import { childEnvironment } from "../childEnvironment";
import type { Log } from "../log";

export interface JobProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface JobOptions {
  readonly signal: AbortSignal;
  onProgress?(progress: JobProgress): void;
}

type ResultOf<Type extends ModelJobResult["type"]> = Extract<ModelJobResult, { readonly type: Type }>;
interface ResultTypes {
  readonly convert: "converted";
  readonly verify: "verified";
  readonly probe: "probed";
}
/** What is asked for here; the others are the engine's. */
type Job = Extract<ModelJob, { readonly type: keyof ResultTypes }>;

/** What runs jobs: `runModelJob` with its process, or a test's stand-in. */
export type RunJob = <Asked extends Job>(
  job: Asked,
  options: JobOptions,
) => Promise<ResultOf<ResultTypes[Asked["type"]]>>;

/** Longer than one slice of a conversion takes. */
const CANCEL_DEADLINE_MS = 5_000;

/** @param workerPath the built src/engine/modelJobs/main.ts */
export function modelJobs(workerPath: string, log: Log): RunJob {
  return (job, options) => run(workerPath, job, options, log) as never;
}

async function run(workerPath: string, job: Job, options: JobOptions, log: Log): Promise<ModelJobResult> {
  const { signal, onProgress } = options;
  signal.throwIfAborted();
  const child = fork(workerPath, [], {
    env: childEnvironment(),
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  // A measurement is short, and must not be slowed down.
  if (job.type !== "probe") yieldToOthers(child.pid);
  let errors = "";
  child.stderr?.on("data", (data: Buffer) => {
    errors = (errors + data.toString()).slice(-2000);
  });
  const send = (message: ModelJobHostMessage) => child.connected && child.send(message, () => {});
  return new Promise<ModelJobResult>((resolve, reject) => {
    let killTimer: NodeJS.Timeout | undefined;
    const cancel = () => {
      send({ type: "cancel" });
      killTimer = setTimeout(() => child.kill("SIGKILL"), CANCEL_DEADLINE_MS);
    };
    signal.addEventListener("abort", cancel, { once: true });
    child.on("message", (message: ModelJobMessage) => {
      if (message.type === "progress") onProgress?.(message);
      else if (message.type === "done") resolve(message.result);
      else reject(message.wasCancelled && signal.aborted ? signal.reason : new Error(message.message));
    });
    child.once("error", (error) => reject(new Error(`The model's process could not be started: ${error.message}.`)));
    child.once("close", (code, killedBy) => {
      clearTimeout(killTimer);
      signal.removeEventListener("abort", cancel);
      if (errors) log.warn(`model job: ${errors.trim()}`);
      // Does nothing after a result.
      const end = killedBy ?? `exit code ${code}`;
      reject(signal.aborted ? signal.reason : new Error(`${ENDED[job.type]} ended early (${end}). ${MEMORY_HINT}`));
    });
    send({ type: "job", job });
  });
}

const ENDED: Readonly<Record<Job["type"], string>> = {
  convert: "The conversion",
  verify: "The check",
  probe: "The measurement",
};
const MEMORY_HINT = "If the machine ran out of memory, close other programs, then try again.";

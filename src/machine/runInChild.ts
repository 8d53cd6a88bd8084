// Runs one job on a model folder in a process of its own, so that a crash there, or its use of processors, hurts nothing here.

import { fork } from "node:child_process";
import type {
  JobFailure,
  JobProgress,
  JobResult,
  JobType,
  ModelJob,
  ModelJobHostMessage,
  ModelJobMessage,
} from "../protocol/modelJobs";
import { childEnvironment, yieldToOthers } from "./processes";

export interface ChildOptions {
  readonly signal: AbortSignal;
  onProgress?(progress: JobProgress): void;
  /** Called at the end with what the process has complained of, if it has. */
  onComplaints?(text: string): void;
}

/** The process ended by itself, and without a result. */
export class EndedEarly extends Error {
  /** @param how such as `SIGKILL` or `exit code 1` */
  constructor(readonly how: string) {
    super(`its process ended with ${how}`);
  }
}

/** What went wrong in the process, in its own words. */
export class JobFailed extends Error {
  readonly fault: JobFailure["fault"];
  readonly code: JobFailure["code"];

  constructor({ message, fault, code }: JobFailure) {
    super(message);
    this.fault = fault;
    this.code = code;
  }
}

/** Longer than one slice of a conversion takes. */
const CANCEL_DEADLINE_MS = 5_000;

/**
 * Rejects with the signal's reason, with what the process says (a JobFailed), or with EndedEarly.
 * @param program the built src/engine/modelJobs/main.ts
 */
export async function runInChild<Type extends JobType>(
  program: string,
  job: ModelJob<Type>,
  { signal, onProgress, onComplaints }: ChildOptions,
): Promise<JobResult<Type>> {
  signal.throwIfAborted();
  const child = fork(program, [], {
    env: childEnvironment(),
    execArgv: [],
    // JSON would make null of a number that is not one.
    serialization: "advanced",
    stdio: ["ignore", "ignore", onComplaints ? "pipe" : "ignore", "ipc"],
  });
  // A measurement is short, and must not be slowed down.
  if (job.type !== "measureSpeed" && job.type !== "timeLinears") yieldToOthers(child.pid);
  let complaints = "";
  child.stderr?.on("data", (data: Buffer) => {
    complaints = (complaints + data.toString()).slice(-2000);
  });
  const send = (message: ModelJobHostMessage) => child.connected && child.send(message, () => {});
  const kill = () => child.kill("SIGKILL");
  // A child whose driver hangs does not notice that this process has gone, and keeps the model's memory. A conversion does, and
  // puts in order what it has.
  if (job.type !== "convert") process.once("exit", kill);
  return new Promise((resolve, reject) => {
    let killTimer: NodeJS.Timeout | undefined;
    const cancel = () => {
      send({ type: "cancel" });
      killTimer = setTimeout(kill, CANCEL_DEADLINE_MS);
    };
    signal.addEventListener("abort", cancel, { once: true });
    child.on("message", (message: ModelJobMessage) => {
      if (message.type === "progress") onProgress?.(message);
      else if (message.type === "done") resolve(message.result as JobResult<Type>);
      else reject(message.wasCancelled && signal.aborted ? signal.reason : new JobFailed(message));
    });
    child.once("error", (error) => reject(new Error(`The model's process could not be started: ${error.message}.`)));
    child.once("close", (code, killedBy) => {
      clearTimeout(killTimer);
      process.off("exit", kill);
      signal.removeEventListener("abort", cancel);
      if (complaints) onComplaints?.(complaints.trim());
      // Does nothing after a result.
      reject(signal.aborted ? signal.reason : new EndedEarly(killedBy ?? `exit code ${code}`));
    });
    send({ type: "job", job: job as ModelJob });
  });
}

// The process that does one job on a model folder, for the one that forked it, and ends: see runInChild.ts.

import { loadFault } from "../../machine/loadFault";
import { endProcess } from "../../machine/processes";
import type { ModelJob, ModelJobHostMessage, ModelJobMessage } from "../../protocol/modelJobs";
import { kindOfFault } from "../model/modelFault";

const cancelling = new AbortController();

process.on("message", (message: ModelJobHostMessage) => {
  if (message.type === "job") void run(message.job);
  else cancelling.abort(new Error("Stopped."));
});
// That one is gone. What has been converted so far is kept in order, for the next attempt.
process.on("disconnect", () => cancelling.abort(new Error("The editor was closed.")));

async function run(job: ModelJob): Promise<void> {
  const { signal } = cancelling;
  try {
    const { runJob } = await loadJobs();
    const result = await runJob(job, signal, (progress) => send({ type: "progress", ...progress }));
    send({ type: "done", result }, end);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    send({ type: "failed", message, code, ...kindOfFault(error), wasCancelled: signal.aborted }, end);
  }
}

/** Only here, so that a machine on which their native modules cannot be loaded hears why; the loader's words are for the log. */
function loadJobs(): Promise<typeof import("./jobs")> {
  return import("./jobs").catch((cause) => {
    console.error(cause);
    throw new Error(loadFault(cause, "try again"), { cause });
  });
}

function send(message: ModelJobMessage, whenSent: () => void = () => {}): void {
  if (process.connected) process.send!(message, undefined, undefined, () => whenSent());
  else whenSent();
}

function end(): void {
  void endProcess(0);
}

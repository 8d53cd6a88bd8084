// Runs tasks on threads, or here where there are no threads to be had.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FileFacts } from "../model/fileFacts";
import { type DoneTask, runTask, type Task } from "./tasks";

/** What a thread answers to a task. */
export type TaskAnswer =
  | { readonly facts: FileFacts | undefined }
  | { readonly error: string; readonly code: string | undefined };

/** A thread's first message. */
export const READY = "ready";

/** Does one task after another. */
interface Lane {
  readonly isThread: boolean;
  run(task: Task): Promise<FileFacts | undefined>;
  close(): Promise<void>;
}

/** Threads wait for the disk now and then; more of them than this only take memory. */
const MOST_THREADS = 8;

/** taskThread.ts, built beside the program that runs this. */
const THREAD_FILE = join(__dirname, "taskThread.js");

export interface RunOptions {
  /** The next task, or nothing; asked whenever a lane is free. */
  next(): Task | undefined;
  /** Called after each task; the next one of its lane waits for it. */
  onDone(done: DoneTask): Promise<void> | void;
  readonly signal?: AbortSignal | undefined;
  /** 0 runs all tasks here; by default there are as many as processors. */
  readonly threads?: number | undefined;
}

/**
 * Runs tasks until there are none. After a failure, or when the signal says so, no task begins any more; those that
 * run are waited for. Then throws the first error, or the signal's reason.
 * @returns how many threads there were
 */
export async function runTasks({ next, onDone, signal, threads = defaultThreads() }: RunOptions): Promise<number> {
  const lanes = threads === 0 ? [inThisThread] : await Promise.all(Array.from({ length: threads }, startThread));
  let isStopped = false;
  const work = async (lane: Lane) => {
    try {
      for (let task = next(); task !== undefined && !isStopped; task = next()) {
        signal?.throwIfAborted();
        const facts = await lane.run(task);
        await onDone(task.type === "hash" ? { task, facts: facts! } : { task });
      }
    } catch (error) {
      isStopped = true;
      throw error;
    }
  };
  try {
    const ends = await Promise.allSettled(lanes.map(work));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return lanes.filter(({ isThread }) => isThread).length;
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

function defaultThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS);
}

const inThisThread: Lane = {
  isThread: false,
  async run(task) {
    await setImmediate(); // Messages, such as one to stop, come in between.
    return runTask(task);
  },
  close: async () => {},
};

/** A machine that gives no thread, or a program without the thread's file beside it, does the work here: slowly. */
async function startThread(): Promise<Lane> {
  try {
    const worker = new Worker(THREAD_FILE); // Throws where no more threads are allowed.
    await once(worker, "message"); // READY; an error ends the waiting, too.
    return laneOf(worker);
  } catch {
    return inThisThread;
  }
}

function laneOf(worker: Worker): Lane {
  let failure: Error | undefined;
  let reject: (error: Error) => void = () => {};
  const fail = (error: Error) => {
    failure = error;
    reject(error);
  };
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("A thread of the conversion ended unexpectedly. Try again.")));
  return {
    isThread: true,
    async run(task) {
      if (failure !== undefined) throw failure;
      const answer = await new Promise<TaskAnswer>((resolve, rejectTask) => {
        reject = rejectTask;
        worker.once("message", resolve);
        worker.postMessage(task);
      });
      if ("error" in answer) throw Object.assign(new Error(answer.error), { code: answer.code });
      return answer.facts;
    },
    async close() {
      await worker.terminate();
    },
  };
}

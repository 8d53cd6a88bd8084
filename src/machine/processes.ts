// Other processes of this machine, and how those are started that load a model.

import { constants, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // There is one, of another user.
  }
}

/** Less than whoever asks a process to end waits until it is ended by force. */
const CALLS_MS = 500;

/**
 * Ends this process, which another one has forked. Node waits for calls of the file system first, and those have no end on a share
 * that does not answer: where the other one has gone, or goes meanwhile, nobody would be left to end this one.
 */
export async function endProcess(code: number): Promise<void> {
  const start = performance.now();
  while (process.connected && isCallingFiles() && performance.now() - start < CALLS_MS) await sleep(10);
  if (!process.connected || isCallingFiles()) process.once("exit", () => process.kill(process.pid, "SIGKILL"));
  process.exit(code);
}

function isCallingFiles(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith("FSReq"));
}

/** Lets others have the processors first: for what nobody waits for. */
export function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system forbids it; neither matters.
  }
}

/**
 * The environment of this extension's own processes: the editor's, with what they need and without what is not meant for them.
 *
 * The extension host runs on Electron's binary, which is Node only when it is told so. NODE_OPTIONS is left out: it is written
 * for the Node of the user's own tools. Electron's ends at once when it names an option that this one does not know (such as
 * --openssl-legacy-provider), and a debugger that it asks for would wait in each process.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return { ...environment, ELECTRON_RUN_AS_NODE: "1" };
}

/**
 * What the process of an engine is to have in its environment.
 *
 * Threads for calls of the file system (Node's 4 would be: a share that does not answer keeps as many as are asked at once, and then
 * no other folder's files are read either).
 *
 * Blocks from 4 MB on go back to the system when they are freed; smaller ones stay, because each run of the model asks for them
 * anew: given back, they cost RecurrentGemma 2B a tenth of the time that it reads. Of what is free at the heap's very end, 64 MB
 * stay, and all that is free before it: so what is kept for long should be large (model/sharedBlocks.ts).
 *
 * Without this, glibc raises the size from which it gives freed blocks back to the system each time that one is freed, up to 32 MB. So
 * what is freed while a model is loaded stays: RecurrentGemma 2B at 8 bits took 6.0 GB instead of 3.1. Naming the size
 * fixes it. Other allocators do not know these two variables.
 */
export const ENGINE_ENVIRONMENT = {
  UV_THREADPOOL_SIZE: "64",
  MALLOC_MMAP_THRESHOLD_: String(4 * 2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(64 * 2 ** 20),
};

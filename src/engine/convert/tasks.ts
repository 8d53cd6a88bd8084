// A conversion's pieces of work. They share nothing, so that threads can do them in any order.

import { type FileFacts, fileFacts } from "../model/fileFacts";
import { type EncodeTask, encodeRows } from "./encodeRows";
import type { Kernels } from "./kernels";
import { wasmKernels } from "./wasmKernels";

/** Size and hash of a file that is whole. */
export interface HashTask {
  readonly type: "hash";
  readonly path: string;
}

export type Task = EncodeTask | HashTask;

/** A task that is done, with what it found. */
export type DoneTask = { readonly task: EncodeTask } | { readonly task: HashTask; readonly facts: FileFacts };

/** @returns what a hash task found. Throws a sentence for the user. */
export async function runTask(task: Task): Promise<FileFacts | undefined> {
  if (task.type === "hash") return fileFacts(task.path);
  kernels ??= wasmKernels();
  encodeRows(task, kernels);
  return undefined;
}

/** Of this thread; made when they are first needed. */
let kernels: Kernels | undefined;

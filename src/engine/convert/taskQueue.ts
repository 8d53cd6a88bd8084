// A conversion's tasks: which there are, in which order, and what is known once one is done.

import { basename } from "node:path";
import type { FileFacts } from "../model/fileFacts";
import type { EncodeTask } from "./encodeRows";
import { encodeTasksOf } from "./encodeTasks";
import type { PlannedTensor } from "./plan";
import type { Shards } from "./shards";
import type { DoneTask, Task } from "./tasks";

/** Hands out tasks, and knows what is left. Shards are hashed as soon as they are whole, while others grow. */
export class TaskQueue {
  /** Of the finished shards, by name. */
  readonly facts: Record<string, FileFacts> = {};
  readonly #waiting: Task[];
  readonly #tensorOf = new Map<Task, PlannedTensor>();
  readonly #tasksLeft = new Map<PlannedTensor, number>();

  /**
   * @param done sources of tensors that an earlier attempt has written
   * @param others tensors that somebody else writes and then calls `complete`
   */
  constructor(
    private readonly shards: Shards,
    tensors: readonly PlannedTensor[],
    done: ReadonlySet<string>,
    others: ReadonlySet<PlannedTensor> = new Set(),
  ) {
    const own = tensors.filter((tensor) => !others.has(tensor));
    this.#waiting = own.filter(({ source }) => !done.has(source)).flatMap((tensor) => this.#tasksOf(tensor));
    for (const tensor of own) if (done.has(tensor.source)) this.complete(tensor);
  }

  next(): Task | undefined {
    return this.#waiting.shift();
  }

  /** @returns the tensor that is whole with the task, if one is */
  done(done: DoneTask): PlannedTensor | undefined {
    if ("facts" in done) {
      this.facts[basename(done.task.path)] = done.facts;
      return undefined;
    }
    const tensor = this.#tensorOf.get(done.task)!;
    const left = this.#tasksLeft.get(tensor)! - 1;
    this.#tasksLeft.set(tensor, left);
    if (left > 0) return undefined;
    this.complete(tensor);
    return tensor;
  }

  /** Notes that the tensor has been written. */
  complete(tensor: PlannedTensor): void {
    for (const { name } of Object.values(tensor.outputs)) {
      const path = this.shards.complete(name);
      if (path !== undefined) this.#waiting.unshift({ type: "hash", path });
    }
  }

  #tasksOf(tensor: PlannedTensor): EncodeTask[] {
    const tasks = encodeTasksOf(tensor, this.shards);
    for (const task of tasks) this.#tensorOf.set(task, tensor);
    this.#tasksLeft.set(tensor, tasks.length);
    return tasks;
  }
}

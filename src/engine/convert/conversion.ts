// The conversion's tasks: which there are, in which order, and what is known once one is done.

import { basename } from "node:path";
import type { FileFacts } from "../model/fileFacts";
import { byteLength, elementCount, type TensorSpec } from "../model/safetensors";
import { type Encoding, encodingOf, type Output, outputsOf, type Part, type WeightForm } from "./encode";
import type { EncodeTask } from "./encodeRows";
import { FLOAT_BYTES } from "./floats";
import type { Shards } from "./shards";
import type { DoneTask, Task } from "./tasks";
import type { CheckedTensor } from "./tensors";

/** A tensor of the checkpoint with what becomes of it. */
export interface PlannedTensor extends CheckedTensor {
  readonly encoding: Encoding;
  readonly outputs: Readonly<Partial<Record<Part, Output>>>;
}

export function planTensors(tensors: readonly CheckedTensor[], form: WeightForm): PlannedTensor[] {
  return tensors.map((tensor) => {
    const encoding = encodingOf(tensor, form);
    return { ...tensor, encoding, outputs: outputsOf(tensor, encoding) };
  });
}

/** The stored tensors of all, by name. */
export function specsOf(tensors: readonly PlannedTensor[]): ReadonlyMap<string, TensorSpec> {
  return new Map(
    tensors.flatMap(({ outputs }) => Object.values(outputs).map(({ name, dtype, shape }) => [name, { dtype, shape }])),
  );
}

export function bytesOf(tensors: readonly PlannedTensor[]): number {
  return tensors.flatMap(({ outputs }) => Object.values(outputs)).reduce((sum, spec) => sum + byteLength(spec), 0);
}

/** Large tensors are cut into tasks of about this many bytes of the checkpoint, where their form allows it. */
const TASK_BYTES = 32 * 2 ** 20;

/** Hands out tasks, and knows what is left. Shards are hashed as soon as they are whole, while others grow. */
export class Conversion {
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

/** What writes the tensor into its shards. */
export function encodeTasksOf(tensor: PlannedTensor, shards: Shards): EncodeTask[] {
  const { source, entry, encoding, outputs } = tensor;
  const rows = tensor.shape[0]!;
  const columns = elementCount(tensor.shape.slice(1));
  const rowBytes = columns * FLOAT_BYTES[entry.dtype];
  const rowsAtOnce = encoding.type === "rows8" ? rows : Math.max(1, Math.floor(TASK_BYTES / rowBytes));
  const tasks: EncodeTask[] = [];
  for (let first = 0; first < rows; first += rowsAtOnce) {
    const places = Object.entries(outputs).map(([part, output]) => {
      const { path, offset } = shards.placeOf(output.name);
      return [part, { path, offset: offset + (first * byteLength(output)) / rows }];
    });
    tasks.push({
      type: "encode",
      tensor: source,
      encoding,
      columns,
      rows: Math.min(rowsAtOnce, rows - first),
      source: { path: entry.path, offset: entry.offset + first * rowBytes, dtype: entry.dtype },
      outputs: Object.fromEntries(places),
    });
  }
  return tasks;
}

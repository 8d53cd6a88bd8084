// The stored tensors as the graph's initializers: each is checked when it is asked for, and none may be left over.

import type { ExternalTensor, GraphWriter, Value } from "./graphWriter";

/** A tensor in one of the model folder's shards, as its header tells. */
export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Shard's file name. */
  readonly file: string;
  /** Where its first byte is, from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

const ELEMENT_TYPE = { F32: "float32", I8: "int8", U8: "uint8" } as const;
export type StoredType = keyof typeof ELEMENT_TYPE;

/** Neighbors along a tensor's first axis. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

export class Weights {
  readonly #registered = new Set<Value>();
  readonly #used = new Set<string>();

  constructor(
    private readonly g: GraphWriter,
    private readonly tensors: ReadonlyMap<string, StoredTensor>,
  ) {}

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** What is stored under `name`. Throws when nothing is. */
  find(name: string): StoredTensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new Error(`the weights lack the tensor "${name}"`);
    return tensor;
  }

  /**
   * The stored tensor as a value of the graph, after a check of its type and shape. `view` gives the same bytes
   * another shape, and `as` the name under which that view is known.
   */
  value(
    name: string,
    dtype: StoredType,
    shape: readonly number[],
    view?: { as: string; shape: readonly number[] },
  ): Value {
    return this.#register(view?.as ?? name, dtype, { ...this.#checked(name, dtype, shape), ...view });
  }

  /** The stored tensor, or some of its rows, as a value of the graph, after a check of the whole one's type and shape. */
  rows(name: string, dtype: StoredType, shape: readonly number[], rows: RowRange | undefined): Value {
    if (rows === undefined) return this.value(name, dtype, shape);
    const { first, count } = rows;
    const tensor = this.#checked(name, dtype, shape);
    const rowBytes = tensor.bytes / (shape[0] ?? 1);
    return this.#register(`${name}.rows_${first}`, dtype, {
      ...tensor,
      shape: [count, ...shape.slice(1)],
      offset: tensor.offset + first * rowBytes,
      bytes: count * rowBytes,
    });
  }

  #checked(name: string, dtype: StoredType, shape: readonly number[]): StoredTensor {
    const tensor = this.find(name);
    if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join()) {
      throw new Error(
        `the tensor "${name}" is ${tensor.dtype} [${tensor.shape}], but this architecture needs ${dtype} [${shape}]`,
      );
    }
    this.#used.add(name);
    return tensor;
  }

  #register(alias: string, dtype: StoredType, { shape, file, offset, bytes }: StoredTensor): Value {
    if (!this.#registered.has(alias)) {
      const external: ExternalTensor = { type: ELEMENT_TYPE[dtype], shape, file, offset, bytes };
      this.#registered.add(this.g.external(alias, external));
    }
    return alias;
  }

  /** Throws when the shards hold a tensor that no layer asked for: the architecture and the weights disagree. */
  refuseUnused(): void {
    for (const name of this.tensors.keys()) {
      if (!this.#used.has(name)) throw new Error(`the weights hold "${name}", which this architecture does not use`);
    }
  }
}

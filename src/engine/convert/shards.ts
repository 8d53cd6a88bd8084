// The safetensors shards of a new model folder. Their layout is fixed before the first value is known, so values may
// come in any order, in pieces, and from several threads.

import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileFault } from "../model/fileFault";
import { byteLength, layoutSafetensors, type SafetensorsLayout, type TensorSpec } from "../model/safetensors";
import type { Place } from "./taskFiles";

export class Shards {
  readonly #shards: Shard[];
  readonly #shardOf = new Map<string, Shard>();

  /** @param specs in the order in which they should lie; a tensor larger than `maxBytes` gets a shard of its own. */
  constructor(folder: string, specs: ReadonlyMap<string, TensorSpec>, maxBytes: number) {
    const groups = groupBySize(specs, maxBytes);
    this.#shards = groups.map((group, index) => {
      const name = `weights-${number(index + 1)}-of-${number(groups.length)}.safetensors`;
      return { path: join(folder, name), layout: layoutSafetensors(group), missing: new Set(group.keys()) };
    });
    for (const shard of this.#shards) for (const name of shard.layout.tensors.keys()) this.#shardOf.set(name, shard);
  }

  /** What all shards take on disk. */
  get totalBytes(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.layout.fileBytes, 0);
  }

  /** Whether all files are there in their full size, as an earlier attempt has made them before it wrote anything. */
  async areThere(): Promise<boolean> {
    const sizes = await Promise.all(this.#shards.map(({ path }) => stat(path).catch(() => undefined)));
    return this.#shards.every(({ layout }, index) => sizes[index]?.size === layout.fileBytes);
  }

  /** Makes the files in their full size. What an earlier attempt has written stays. */
  async create(): Promise<void> {
    for (const { path, layout } of this.#shards) {
      await withFile(path, constants.O_RDWR | constants.O_CREAT, async (file) => {
        await file.truncate(layout.fileBytes);
        await file.writeFile(layout.header); // From the beginning, and all of it: `write` may be content with a part.
      });
    }
  }

  /** Where the tensor's bytes belong. */
  placeOf(name: string): Place {
    const { path, layout } = this.#shardOf.get(name)!;
    return { path, offset: layout.tensors.get(name)!.offset };
  }

  /** Notes that the tensor has been written. @returns the path of the shard that is whole with it, if one is */
  complete(name: string): string | undefined {
    const { path, missing } = this.#shardOf.get(name)!;
    missing.delete(name);
    return missing.size === 0 ? path : undefined;
  }

  /** Waits until all that was written so far is on the disk. */
  async sync(): Promise<void> {
    for (const { path } of this.#shards) await withFile(path, constants.O_RDWR, (file) => file.datasync());
  }
}

interface Shard {
  readonly path: string;
  readonly layout: SafetensorsLayout;
  /** Names of tensors that have not been written yet. */
  readonly missing: Set<string>;
}

/** Throws a sentence that names the file. */
async function withFile(path: string, flags: number, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    const file = await open(path, flags);
    try {
      await work(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileFault(error, path, "written");
  }
}

function groupBySize(specs: ReadonlyMap<string, TensorSpec>, maxBytes: number): Map<string, TensorSpec>[] {
  const groups: Map<string, TensorSpec>[] = [];
  let room = 0;
  for (const [name, spec] of specs) {
    const bytes = byteLength(spec);
    if (groups.length === 0 || bytes > room) {
      groups.push(new Map());
      room = maxBytes;
    }
    groups.at(-1)!.set(name, spec);
    room -= bytes;
  }
  return groups;
}

function number(value: number): string {
  return String(value).padStart(5, "0");
}

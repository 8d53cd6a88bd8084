// Writes tensors into safetensors shards of bounded size. The layout is fixed before the first value is known, so
// values may come in any order and in pieces.

import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { byteLength, layoutSafetensors, type SafetensorsLayout, type TensorSpec } from "../safetensors";
import type { Piece } from "./encode";

export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

export class ShardWriter {
  readonly #shards: Shard[];
  readonly #shardOf = new Map<string, Shard>();

  /** @param specs in the order in which they should lie; a tensor larger than `maxBytes` gets a shard of its own. */
  constructor(
    private readonly folder: string,
    specs: ReadonlyMap<string, TensorSpec>,
    maxBytes: number,
  ) {
    const groups = groupBySize(specs, maxBytes);
    this.#shards = groups.map((group, index) => ({
      name: `weights-${number(index + 1)}-of-${number(groups.length)}.safetensors`,
      layout: layoutSafetensors(group),
    }));
    for (const shard of this.#shards) for (const name of shard.layout.tensors.keys()) this.#shardOf.set(name, shard);
  }

  /** What all shards will take on disk. */
  get totalBytes(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.layout.fileBytes, 0);
  }

  async write(piece: Piece): Promise<void> {
    const shard = this.#shardOf.get(piece.name)!;
    shard.file ??= await this.#create(shard);
    await writeFully(shard.file, piece.data, shard.layout.tensors.get(piece.name)!.offset + piece.offset);
  }

  /** Closes the files, and after success tells what they hold. */
  async close(): Promise<void> {
    for (const shard of this.#shards) await shard.file?.close();
  }

  /** Waits until all that was written is on the disk. */
  async sync(): Promise<void> {
    for (const shard of this.#shards) await shard.file?.datasync();
  }

  /** Size and hash of each shard; to be asked after `close`. Throws the signal's reason. */
  async facts(
    onRead: (name: string, bytes: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<Record<string, FileFacts>> {
    const facts: Record<string, FileFacts> = {};
    for (const { name } of this.#shards) {
      signal?.throwIfAborted();
      facts[name] = await fileFacts(join(this.folder, name));
      onRead(name, facts[name].bytes);
    }
    return facts;
  }

  /** The file may be there from an earlier attempt; what was written then stays. */
  async #create({ name, layout }: Shard): Promise<FileHandle> {
    const path = join(this.folder, name);
    const file = await open(path, constants.O_RDWR | constants.O_CREAT);
    await file.truncate(layout.fileBytes);
    await writeFully(file, layout.header, 0);
    return file;
  }
}

export async function fileFacts(path: string): Promise<FileFacts> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

interface Shard {
  readonly name: string;
  readonly layout: SafetensorsLayout;
  file?: FileHandle;
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

async function writeFully(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < data.length) {
    written += (await file.write(data, written, data.length - written, position + written)).bytesWritten;
  }
}

function number(value: number): string {
  return String(value).padStart(5, "0");
}

// Random bf16 tensors, scaled so that activations keep their size through all layers, written shard by shard.

import { createHash } from "node:crypto";
import { type FileHandle, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { roundToBfloat16 } from "../../src/engine/convert/floats";
import type { ExpectedTensor } from "../../src/engine/convert/tensors";
import { byteLength, layoutSafetensors, type TensorSpec } from "../../src/engine/model/safetensors";

/** What transformers cuts its shards at. */
const MAX_SHARD_BYTES = 5_000_000_000;

const SLICE_BYTES = 8 * 2 ** 20;

/** Writes the shards and their index; @returns the bytes of all tensors. The same seed gives the same bytes. */
export async function writeShards(folder: string, tensors: readonly ExpectedTensor[], seed: string): Promise<number> {
  const shards = shardsOf(tensors);
  const weight_map: Record<string, string> = {};
  let total_size = 0;
  for (const [index, shard] of shards.entries()) {
    const name = `model-${number(index + 1)}-of-${number(shards.length)}.safetensors`;
    const layout = layoutSafetensors(new Map(shard.map((tensor) => [tensor.source, specOf(tensor)])));
    const file = await open(join(folder, name), "w");
    try {
      await file.writeFile(layout.header);
      for (const tensor of shard) {
        weight_map[tensor.source] = name;
        total_size += await writeTensor(file, tensor, seed);
      }
    } finally {
      await file.close();
    }
  }
  const json = { metadata: { total_size }, weight_map };
  await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify(json, null, 1));
  return total_size;
}

function specOf({ shape }: ExpectedTensor): TensorSpec {
  return { dtype: "BF16", shape };
}

function shardsOf(tensors: readonly ExpectedTensor[]): ExpectedTensor[][] {
  const shards: ExpectedTensor[][] = [[]];
  let room = MAX_SHARD_BYTES;
  for (const tensor of tensors) {
    const bytes = byteLength(specOf(tensor));
    if (bytes > room) {
      shards.push([]);
      room = MAX_SHARD_BYTES;
    }
    shards.at(-1)!.push(tensor);
    room -= bytes;
  }
  return shards;
}

async function writeTensor(file: FileHandle, tensor: ExpectedTensor, seed: string): Promise<number> {
  const fill = randomFiller(`${seed} ${tensor.source}`, valueTable(tensor));
  const values = new Uint16Array(SLICE_BYTES / 2);
  const bytes = byteLength(specOf(tensor));
  for (let done = 0; done < bytes; done += SLICE_BYTES) {
    fill(values);
    await file.writeFile(new Uint8Array(values.buffer, 0, Math.min(SLICE_BYTES, bytes - done)));
  }
  return bytes;
}

/** Fills arrays of even length with values of the table, chosen by Marsaglia's 32-bit xorshift. */
function randomFiller(seed: string, table: Uint16Array): (values: Uint16Array) => void {
  let state = createHash("sha256").update(seed).digest().readInt32LE() | 1;
  return (values) => {
    let bits = state;
    for (let i = 0; i < values.length; i += 2) {
      bits ^= bits << 13;
      bits ^= bits >>> 17;
      bits ^= bits << 5;
      values[i] = table[bits & 0xffff]!;
      values[i + 1] = table[bits >>> 16]!;
    }
    state = bits;
  };
}

/** For each 16-bit number one bf16: together they have the distribution of the tensor's values. */
function valueTable({ source, shape }: ExpectedTensor): Uint16Array {
  const value = distributionOf(source, shape);
  return Uint16Array.from({ length: 65536 }, (_, i) => bfloat16(value(i)));
}

/** A value for each number from 0 to 65,535. */
type Distribution = (index: number) => number;

/** Box and Muller's transform, with the radius from the number and the angle from a sequence that fills the circle. */
function normal(deviation: number, mean = 0): Distribution {
  return (i) => {
    const radius = Math.sqrt(-2 * Math.log((i + 0.5) / 65536));
    return mean + deviation * radius * Math.cos(2 * Math.PI * ((i * GOLDEN_RATIO) % 1));
  };
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

function uniform(low: number, high: number): Distribution {
  return (i) => low + ((high - low) * (i + 0.5)) / 65536;
}

/** Of the embeddings, once they are scaled. Logits then have about this deviation, too. */
const STREAM = 3;

/** The same scales as the tiny checkpoints' (training/fixtures/make_tiny.py), where DeepMind's model shows what they do. */
function distributionOf(name: string, shape: readonly number[]): Distribution {
  const fanIn = shape.at(-1)!;
  if (name.endsWith("recurrent_param")) return uniform(-6.5, -2.3);
  // The head is the embedding: without signs in between, every token would be followed by itself.
  if (name === "model.final_norm.weight") return normal(1, -1);
  if (name.endsWith("norm.weight")) return normal(0.2);
  if (name.endsWith("bias")) return normal(0.1);
  if (name.endsWith("conv_1d.weight")) return normal(0.5);
  if (name.endsWith("embed_tokens.weight")) return normal(STREAM / Math.sqrt(fanIn));
  if (/(o_proj|linear_out|down_proj)\.weight$/.test(name)) return normal((0.4 * STREAM) / Math.sqrt(fanIn));
  if (/[qk]_proj\.weight$/.test(name)) return normal(1.5 / Math.sqrt(fanIn));
  return normal(1 / Math.sqrt(fanIn));
}

function bfloat16(value: number): number {
  return new Uint32Array(new Float32Array([roundToBfloat16(value)]).buffer)[0]! >>> 16;
}

function number(value: number): string {
  return String(value).padStart(5, "0");
}

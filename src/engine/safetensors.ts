// Reads the header of a safetensors file: what tensors it holds and where their bytes lie.
// Format: https://github.com/huggingface/safetensors, "Format": u64 little-endian header length, JSON, data.

import { open } from "node:fs/promises";
import { basename } from "node:path";

/** One tensor of a file. */
export interface TensorEntry {
  /** As the file spells it: F32, BF16, F16, I8, U8, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of the first byte, from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** The reference reader's own limit: a longer header is not a safetensors file. */
const LONGEST_HEADER = 100_000_000;

const BITS: Record<string, number> = {
  F64: 64,
  I64: 64,
  U64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  I8: 8,
  U8: 8,
  BOOL: 8,
};

/** The tensors of `path` by name. Throws a sentence that names the file when it is truncated or not what it claims. */
export async function readSafetensorsHeader(path: string): Promise<Map<string, TensorEntry>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const prefix = Buffer.alloc(8);
    if ((await file.read(prefix, 0, 8, 0)).bytesRead < 8) throw new Error("it is too short to hold a header");
    const length = Number(prefix.readBigUInt64LE());
    if (length > LONGEST_HEADER) throw new Error(`it does not begin with a safetensors header`);
    if (8 + length > size) throw new Error(`its header needs ${8 + length} bytes, and the file has ${size}`);
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, 8);
    return parseHeader(header.toString("utf8"), 8 + length, size);
  } catch (error) {
    throw new Error(`${basename(path)} cannot be read as safetensors: ${(error as Error).message}`, { cause: error });
  } finally {
    await file.close();
  }
}

function parseHeader(json: string, dataStart: number, fileSize: number): Map<string, TensorEntry> {
  let header: Record<string, { dtype?: unknown; shape?: unknown; data_offsets?: unknown }>;
  try {
    header = JSON.parse(json);
  } catch (cause) {
    throw new Error("its header is not JSON", { cause });
  }
  const tensors = new Map<string, TensorEntry>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensors.set(name, parseEntry(name, entry, dataStart, fileSize));
  }
  return tensors;
}

function parseEntry(
  name: string,
  entry: { dtype?: unknown; shape?: unknown; data_offsets?: unknown },
  dataStart: number,
  fileSize: number,
): TensorEntry {
  const { dtype, shape, data_offsets: range } = entry;
  const bits = typeof dtype === "string" ? BITS[dtype] : undefined;
  if (bits === undefined) throw new Error(`the tensor "${name}" has the unknown type ${JSON.stringify(dtype)}`);
  if (!isCounts(shape) || !isCounts(range) || range.length !== 2) {
    throw new Error(`the tensor "${name}" has no proper shape and place`);
  }
  const [begin, end] = range as [number, number];
  const expected = (shape.reduce((product, size) => product * size, 1) * bits) / 8;
  if (end - begin !== expected) {
    throw new Error(`the tensor "${name}" [${shape}] needs ${expected} bytes and has ${end - begin}`);
  }
  if (dataStart + end > fileSize) throw new Error(`it ends in the middle of the tensor "${name}"`);
  return { dtype: dtype as string, shape, offset: dataStart + begin, bytes: expected };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

// The safetensors file format: eight bytes of header length, a JSON header, the tensors' bytes without gaps.
// Knows bytes and shapes; what a tensor means is not its concern.

import { open } from "node:fs/promises";
import { basename } from "node:path";
import { isCount, isObject } from "../../text/json";
import { fileFault } from "./fileFault";

/** Bytes of one element, by the format's names. */
const ELEMENT_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

export type TensorType = keyof typeof ELEMENT_BYTES;

export interface TensorSpec {
  readonly dtype: TensorType;
  readonly shape: readonly number[];
}

/** One tensor of a file. */
export interface TensorEntry extends TensorSpec {
  /** Where its first byte is, from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** The tensors of `path` by name. Throws a sentence that names the file when it is truncated or not what it claims. */
export async function readSafetensorsHeader(path: string): Promise<Map<string, TensorEntry>> {
  const file = await open(path).catch((error) => {
    throw fileFault(error, path, "read");
  });
  try {
    const { size } = await file.stat();
    const prefix = Buffer.alloc(8);
    if ((await file.read(prefix, 0, 8, 0)).bytesRead < 8) throw new Error("it is too short to hold a header");
    const length = Number(prefix.readBigUInt64LE());
    if (length > LONGEST_HEADER) throw new Error("it does not begin with a safetensors header");
    if (8 + length > size) throw new Error(`its header needs ${8 + length} bytes, and the file has ${size}`);
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, 8);
    return locateTensors(parseHeader(header), 8 + length, size);
  } catch (error) {
    const fault = fileFault(error, path, "read");
    if (fault !== error) throw fault;
    throw new Error(`${basename(path)} cannot be read as safetensors: ${(error as Error).message}`, { cause: error });
  } finally {
    await file.close();
  }
}

/** Where each tensor goes in a new file, and the bytes that precede their data. */
export interface SafetensorsLayout {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly header: Buffer;
  readonly fileBytes: number;
}

/**
 * Lays out a new file. Larger element types come first and the data starts at a multiple of 64 bytes, so that every
 * tensor is aligned to its element and a mapped file can be used in place.
 */
export function layoutSafetensors(specs: ReadonlyMap<string, TensorSpec>): SafetensorsLayout {
  const bySize = [...specs].sort(([, a], [, b]) => ELEMENT_BYTES[b.dtype] - ELEMENT_BYTES[a.dtype]);
  // Without a prototype, a tensor may even be called "__proto__".
  const json: Record<string, unknown> = Object.create(null);
  let end = 0;
  for (const [name, spec] of bySize) {
    const start = end;
    end += byteLength(spec);
    json[name] = { dtype: spec.dtype, shape: spec.shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(json));
  const dataStart = Math.ceil((8 + text.length) / 64) * 64;
  const header = Buffer.alloc(dataStart, " ");
  header.writeBigUInt64LE(BigInt(dataStart - 8));
  text.copy(header, 8);
  return { header, fileBytes: dataStart + end, tensors: locateTensors(json, dataStart, dataStart + end) };
}

export function byteLength(spec: TensorSpec): number {
  return elementCount(spec.shape) * ELEMENT_BYTES[spec.dtype];
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The reference reader's own limit: a longer header is not a safetensors file. */
const LONGEST_HEADER = 100_000_000;

function parseHeader(bytes: Buffer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(json)) return json;
  } catch {
    // Falls through to the one sentence for whatever is not a JSON object.
  }
  throw new Error("its header is not a JSON object");
}

function locateTensors(json: Record<string, unknown>, dataStart: number, fileBytes: number): Map<string, TensorEntry> {
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(json)) {
    if (name !== "__metadata__") tensors.set(name, locateTensor(name, value, dataStart));
  }
  let end = dataStart;
  for (const [name, entry] of [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (entry.offset !== end) throw new Error(`the tensor "${name}" does not begin where the one before it ends`);
    end += entry.bytes;
  }
  if (end > fileBytes) throw new Error(`it is cut off: ${fileBytes} bytes of ${end}`);
  if (end < fileBytes) throw new Error(`it holds ${fileBytes - end} bytes more than its header names`);
  return tensors;
}

function locateTensor(name: string, value: unknown, dataStart: number): TensorEntry {
  if (!isObject(value)) throw new Error(`the header's entry for "${name}" is not an object`);
  const { dtype, shape, data_offsets: range } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(ELEMENT_BYTES, dtype)) {
    throw new Error(`the tensor "${name}" has the type ${JSON.stringify(dtype)}, which is not known`);
  }
  if (!isCountList(shape)) throw new Error(`the tensor "${name}" has no valid shape`);
  if (!isCountList(range) || range.length !== 2) throw new Error(`the tensor "${name}" has no valid data_offsets`);
  const spec: TensorSpec = { dtype: dtype as TensorType, shape };
  const [start, end] = range as [number, number];
  if (end - start !== byteLength(spec)) {
    throw new Error(
      `the tensor "${name}" has ${end - start} bytes where ${dtype} [${shape.join(", ")}] takes ${byteLength(spec)}`,
    );
  }
  return { ...spec, offset: dataStart + start, bytes: end - start };
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

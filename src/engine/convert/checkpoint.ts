// A checkpoint folder as Hugging Face lays it out: config.json, and tensors in one safetensors file or in several with
// an index. Tensors are read in slices, so that no more than a slice of a large one is in memory.

import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { elementCount, readSafetensorsHeader, type TensorEntry } from "../safetensors";
import { FLOAT_BYTES, toFloat32 } from "./floats";
import type { CheckedTensor } from "./tensors";

export interface Checkpoint {
  /** config.json's content. */
  readonly config: unknown;
  readonly tensors: ReadonlyMap<string, TensorEntry & { readonly path: string }>;
  /** Names of the folder's files. */
  readonly files: readonly string[];
}

/** Reads what the folder holds, without the tensors' values. Throws a sentence that says what is missing or broken. */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const files = await readdir(folder).catch((cause) => {
    throw new Error(`There is no folder ${folder} that can be read.`, { cause });
  });
  const config = await readJson(folder, "config.json", files);
  const tensors = new Map<string, TensorEntry & { path: string }>();
  for (const file of await weightFiles(folder, files)) {
    const path = join(folder, file);
    for (const [name, entry] of await readSafetensorsHeader(path)) {
      if (tensors.has(name)) throw new Error(`${folder} holds the tensor ${name} twice.`);
      tensors.set(name, { ...entry, path });
    }
  }
  return { config, tensors, files };
}

/** Consecutive rows of a tensor: its first dimension counts the rows. */
export interface Rows {
  readonly first: number;
  /** [rows, elements of a row] */
  readonly values: Float32Array;
}

/** The tensor's rows as float32, a few at a time. */
export async function* readRows(tensor: CheckedTensor): AsyncGenerator<Rows> {
  const { entry, shape } = tensor;
  const rowCount = shape[0]!;
  const rowBytes = elementCount(shape.slice(1)) * FLOAT_BYTES[entry.dtype];
  const rowsAtOnce = Math.max(1, Math.floor(SLICE_BYTES / rowBytes));
  const file = await open(entry.path);
  try {
    for (let first = 0; first < rowCount; first += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, rowCount - first);
      const bytes = await readExactly(file, entry.offset + first * rowBytes, rows * rowBytes, entry.path);
      yield { first, values: toFloat32(bytes, entry.dtype) };
    }
  } finally {
    await file.close();
  }
}

/** Small enough to hold, large enough that the disk is read in long runs. */
const SLICE_BYTES = 8 * 2 ** 20;

const INDEX_FILE = "model.safetensors.index.json";

/** The files that hold the tensors. */
async function weightFiles(folder: string, files: readonly string[]): Promise<readonly string[]> {
  if (files.includes(INDEX_FILE)) return indexedFiles(folder, await readJson(folder, INDEX_FILE, files), files);
  const found = files.filter((file) => file.endsWith(".safetensors"));
  if (found.length === 1) return found;
  if (found.length > 1) {
    throw new Error(`${folder} holds ${found.length} safetensors files without ${INDEX_FILE}: fetch that file too.`);
  }
  const pickle = files.find((file) => /\.(bin|pt|pth)$/.test(file));
  throw new Error(
    pickle === undefined
      ? `${folder} holds no model.safetensors.`
      : `${folder} holds ${pickle} but no safetensors file. Pickled weights can run code and are not read: fetch the checkpoint in safetensors form.`,
  );
}

function indexedFiles(folder: string, index: unknown, files: readonly string[]): readonly string[] {
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null) throw new Error(`${folder}: ${INDEX_FILE} has no weight_map.`);
  const named = [...new Set(Object.values(map))].map(String);
  const absent = named.filter((file) => !files.includes(file));
  if (absent.length > 0) throw new Error(`${folder} lacks ${absent.join(", ")}, which ${INDEX_FILE} names.`);
  return named;
}

async function readJson(folder: string, file: string, files: readonly string[]): Promise<unknown> {
  if (!files.includes(file)) throw new Error(`${folder} holds no ${file}: it is not a Hugging Face checkpoint.`);
  try {
    return JSON.parse(await readFile(join(folder, file), "utf8"));
  } catch (cause) {
    throw new Error(`${join(folder, file)} is not JSON.`, { cause });
  }
}

async function readExactly(file: FileHandle, position: number, length: number, path: string) {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was read.`);
    filled += bytesRead;
  }
  return bytes;
}

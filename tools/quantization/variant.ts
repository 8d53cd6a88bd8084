// A copy of a model folder whose linears are stored in another form.

import { copyFile, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RoundedLinear } from "../../src/engine/convert/calibration/tile";
import { fileFacts } from "../../src/engine/model/fileFacts";
import { readTensors } from "../../src/engine/model/loadModel";
import { type ModelFolder, TOKENIZER_FILE } from "../../src/engine/model/modelFolder";
import { elementCount, layoutSafetensors, type TensorSpec } from "../../src/engine/model/safetensors";
import { GPTQ_BLOCK } from "./calibrated";
import type { Recipe } from "./recipes";
import { type BlockRounding, searched4 } from "./roundings";
import type { Preparation } from "./shuffle";

export interface Cost {
  /** Of the linears and the embedding, scales and zero points counted. */
  readonly bitsPerWeight: number;
  /** Of the linears without the embedding: the root of the squared error over the squared weights. */
  readonly error: number;
}

/** A tensor to be stored. */
interface Stored extends TensorSpec {
  readonly data: Uint8Array;
}

type Tensors = Awaited<ReturnType<typeof readTensors>>;

export interface VariantOptions {
  /** Linears that calibration has rounded, by name. */
  readonly calibrated?: ReadonlyMap<string, RoundedLinear>;
  readonly prepare?: Preparation;
}

/** Writes it to `folder`, in one shard. */
export async function writeVariant(
  about: ModelFolder,
  recipe: Recipe,
  folder: string,
  { calibrated, prepare = (_, values) => values }: VariantOptions = {},
): Promise<Cost> {
  await mkdir(folder, { recursive: true });
  const tensors = await readTensors(about);
  const stored = new Map<string, Stored>();
  let weights = 0;
  let bytes = 0;
  let squaredError = 0;
  let squares = 0;
  for (const [name, { dtype, shape }] of tensors) {
    if (/\.(scales?|zero_points)$/.test(name)) continue; // They go with their weight.
    if (!isLinear(name)) {
      stored.set(name, { dtype: "F32", shape, data: bytesOf(prepare(name, await readLinear(about, tensors, name))) });
      continue;
    }
    const linear = name.replace(/\.weight$/, "");
    const values = prepare(name, await readLinear(about, tensors, name));
    const rows = dtype === "I8" ? shape[1]! : shape[0]!;
    const known = calibrated?.get(linear);
    const rounding = known === undefined ? recipe.roundingOf(linear) : searched4(GPTQ_BLOCK);
    if (rounding === "float32") {
      stored.set(name, { dtype: "F32", shape: [rows, values.length / rows], data: bytesOf(values) });
      bytes += 4 * values.length;
    } else {
      const { parts, error } = storedParts(values, rows, linear, rounding, known ?? round(values, rows, rounding));
      for (const [part, tensor] of parts) stored.set(part, tensor);
      for (const { data } of parts.values()) bytes += data.length;
      if (linear !== "model.embed_tokens") squaredError += error;
    }
    if (linear !== "model.embed_tokens") for (const value of values) squares += value * value;
    weights += values.length;
  }
  await writeFolder(about, stored, folder);
  return { bitsPerWeight: (8 * bytes) / weights, error: Math.sqrt(squaredError / squares) };
}

function isLinear(name: string): boolean {
  return /(_proj|embed_tokens|linear_(x|y|out))\.weight$/.test(name);
}

function round(values: Float32Array, rows: number, { bits, size, round }: BlockRounding): RoundedLinear {
  const perRow = values.length / rows / size;
  const blockBytes = (size * bits) / 8;
  const weight = new Uint8Array(rows * perRow * blockBytes);
  const scales = new Float32Array(rows * perRow);
  const zeroBytes = Math.ceil(perRow / 2);
  const zeroPoints = new Uint8Array(rows * zeroBytes);
  for (let index = 0; index < rows * perRow; index++) {
    const block = values.subarray(index * size, (index + 1) * size);
    const { scale, zeroPoint } = round(block, weight, index * blockBytes);
    scales[index] = scale;
    const column = index % perRow;
    zeroPoints[Math.floor(index / perRow) * zeroBytes + (column >> 1)]! |= zeroPoint << (4 * (column & 1));
  }
  return { weight, scales, zeroPoints };
}

/** The linear's tensors by name, and the squared error of its weights. */
function storedParts(
  values: Float32Array,
  rows: number,
  linear: string,
  { bits, size, hasZeroPoints }: Pick<BlockRounding, "bits" | "size" | "hasZeroPoints">,
  { weight, scales, zeroPoints }: RoundedLinear,
) {
  const perRow = values.length / rows / size;
  const zeroBytes = Math.ceil(perRow / 2);
  let error = 0;
  for (let i = 0; i < values.length; i++) {
    const block = Math.floor(i / size);
    const column = block % perRow;
    const zeros = zeroPoints[Math.floor(block / perRow) * zeroBytes + (column >> 1)]!;
    const zeroPoint = hasZeroPoints ? (zeros >> (4 * (column & 1))) & 15 : 2 ** (bits - 1);
    const q = bits === 8 ? weight[i]! : (weight[i >> 1]! >> (4 * (i & 1))) & 15;
    error += (values[i]! - (q - zeroPoint) * scales[block]!) ** 2;
  }
  const parts = new Map<string, Stored>([
    [`${linear}.weight`, { dtype: "U8", shape: [rows, perRow, (size * bits) / 8], data: weight }],
    [`${linear}.scales`, { dtype: "F32", shape: [rows, perRow], data: bytesOf(scales) }],
  ]);
  if (hasZeroPoints) parts.set(`${linear}.zero_points`, { dtype: "U8", shape: [rows, zeroBytes], data: zeroPoints });
  return { parts, error };
}

/** A tensor's values, of a linear [out, in], whatever the form that they are stored in. */
async function readLinear(about: ModelFolder, tensors: Tensors, name: string): Promise<Float32Array> {
  const { dtype, shape } = tensors.get(name)!;
  const stored = await readBytes(about, tensors, name);
  if (dtype === "F32") return floatsOf(stored);
  const companion = (suffix: string) => name.replace(/weight$/, suffix);
  if (dtype === "I8") {
    const scale = floatsOf(await readBytes(about, tensors, companion("scale")));
    const [inSize, outSize] = shape as [number, number];
    const values = new Int8Array(stored.buffer, stored.byteOffset, stored.length);
    const result = new Float32Array(values.length);
    for (let row = 0, i = 0; row < outSize; row++) {
      for (let column = 0; column < inSize; column++) result[i++] = values[column * outSize + row]! * scale[row]!;
    }
    return result;
  }
  if (tensors.has(companion("zero_points"))) throw new Error(`${name} is in 4 bits: give a model of more.`);
  const scales = floatsOf(await readBytes(about, tensors, companion("scales")));
  const size = elementCount(shape) / scales.length;
  const result = new Float32Array(stored.length);
  for (let block = 0, i = 0; block < scales.length; block++) {
    for (const end = (block + 1) * size; i < end; i++) result[i] = (stored[i]! - 128) * scales[block]!;
  }
  return result;
}

async function readBytes(about: ModelFolder, tensors: Tensors, name: string): Promise<Uint8Array> {
  const { file, offset, bytes } = tensors.get(name)!;
  const data = new Uint8Array(bytes);
  const handle = await open(join(about.folder, file));
  try {
    await handle.read(data, 0, bytes, offset);
  } finally {
    await handle.close();
  }
  return data;
}

async function writeFolder(about: ModelFolder, tensors: ReadonlyMap<string, Stored>, folder: string): Promise<void> {
  const name = "weights-00001-of-00001.safetensors";
  const layout = layoutSafetensors(new Map([...tensors].map(([key, { dtype, shape }]) => [key, { dtype, shape }])));
  const file = Buffer.alloc(layout.fileBytes);
  layout.header.copy(file);
  for (const [key, { data }] of tensors) file.set(data, layout.tensors.get(key)!.offset);
  await writeFile(join(folder, name), file);
  await copyFile(join(about.folder, TOKENIZER_FILE), join(folder, TOKENIZER_FILE));
  const files = Object.fromEntries(
    await Promise.all([name, TOKENIZER_FILE].map(async (key) => [key, await fileFacts(join(folder, key))])),
  );
  const json = JSON.parse(await readFile(join(about.folder, "model.json"), "utf8"));
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...json, files }));
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

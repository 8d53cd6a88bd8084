// Rows of a checkpoint's tensor → the bytes that stand for them, from file to file in slices. Files are read and written
// synchronously: this runs on threads that have nothing else to do.

import { DamagedCheckpoint } from "./damage";
import type { Encoding, FloatTreatment, Part } from "./encoding";
import { FLOAT_BYTES, type FloatType } from "./floats";
import { floatsOf, type Kernels, scaleOf } from "./kernels";
import { type Place, type TaskFiles, withFiles } from "./taskFiles";

/** Consecutive rows of a tensor to encode; for `rows8`, whose output is transposed, all of them. */
export interface EncodeTask {
  readonly type: "encode";
  /** The checkpoint's name of the tensor. */
  readonly tensor: string;
  readonly encoding: Encoding;
  readonly source: Place & { readonly dtype: FloatType };
  readonly rows: number;
  /** Elements of a row. */
  readonly columns: number;
  /** Where the rows' bytes go. */
  readonly outputs: Readonly<Partial<Record<Part, Place>>>;
}

/** Throws a sentence when the rows hold values that no weight has. */
export function encodeRows(task: EncodeTask, kernels: Kernels): void {
  withFiles((files) => {
    if (task.encoding.type === "rows8") encodeRows8(task, kernels, files);
    else if (task.encoding.type === "blocks") encodeBlocks(task, task.encoding, kernels, files);
    else encodeFloats(task, task.encoding.values, kernels, files);
  });
}

/** Small enough for a processor's cache beside what comes of it, large enough that the disk is read in long runs. */
const SLICE_BYTES = 2 ** 20;

/** A slice's rows are a multiple of this: whole cache lines of a transposed tensor are written at once. */
const ROWS_AT_ONCE = 64;

/** Larger ones come from damaged files alone, and their squares would not be numbers. */
const LARGEST_WEIGHT = 1e18;

function encodeFloats(task: EncodeTask, values: FloatTreatment, kernels: Kernels, files: TaskFiles): void {
  const { columns, outputs } = task;
  const sliceRows = rowsOfSlice(task);
  const [raw, wide] = kernels.allocate([sliceRows * rowBytes(task), sliceRows * columns * 4]);
  for (const { first, count, bytes } of slices(task, files, raw)) {
    const floats = floatsOf(wide.subarray(0, count * columns * 4));
    widen(task, kernels, bytes, floats);
    if (values !== "same") for (let i = 0; i < floats.length; i++) floats[i] = PREPARE[values](floats[i]!);
    files.write(outputs.weight!, first * columns * 4, floats);
  }
}

const PREPARE: Readonly<Record<Exclude<FloatTreatment, "same">, (value: number) => number>> = {
  norm: (value) => 1 + value,
  // softplus in the form that neither overflows nor loses small values.
  decay: (value) => -8 * (Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))),
};

function encodeBlocks(
  task: EncodeTask,
  { bits, size }: Extract<Encoding, { type: "blocks" }>,
  kernels: Kernels,
  files: TaskFiles,
): void {
  const { columns, outputs } = task;
  const perRow = columns / size;
  /** Of a row. */
  const weightBytes = (columns * bits) / 8;
  const scaleBytes = perRow * 4;
  const zeroBytes = bits === 4 ? Math.ceil(perRow / 2) : 0;
  const sliceRows = rowsOfSlice(task);
  const [raw, wide, weight, scales, zeroPoints] = kernels.allocate([
    sliceRows * rowBytes(task),
    columns * 4,
    sliceRows * weightBytes,
    sliceRows * scaleBytes,
    sliceRows * zeroBytes,
  ]);
  const floats = floatsOf(wide);
  for (const { first, count, bytes } of slices(task, files, raw)) {
    for (let row = 0; row < count; row++) {
      widen(task, kernels, rowOf(bytes, row, rowBytes(task)), floats);
      const out = rowOf(weight, row, weightBytes);
      const rowScales = floatsOf(rowOf(scales, row, scaleBytes));
      if (bits === 8) kernels.quantizeBlocks8(floats, size, out, rowScales);
      else kernels.quantizeBlocks4(floats, size, out, rowScales, rowOf(zeroPoints, row, zeroBytes));
    }
    files.write(outputs.weight!, first * weightBytes, weight.subarray(0, count * weightBytes));
    files.write(outputs.scales!, first * scaleBytes, scales.subarray(0, count * scaleBytes));
    if (bits === 4) files.write(outputs.zeroPoints!, first * zeroBytes, zeroPoints.subarray(0, count * zeroBytes));
  }
}

/** The transposed tensor is whole in memory before it is written. */
function encodeRows8(task: EncodeTask, kernels: Kernels, files: TaskFiles): void {
  const { rows, columns, outputs } = task;
  const sliceRows = rowsOfSlice(task);
  const [raw, wide, steps, scaleBytes, transposed] = kernels.allocate([
    sliceRows * rowBytes(task),
    columns * 4,
    sliceRows * columns,
    rows * 4,
    rows * columns,
  ]);
  const floats = floatsOf(wide);
  const scales = floatsOf(scaleBytes);
  for (const { first, count, bytes } of slices(task, files, raw)) {
    for (let row = 0; row < count; row++) {
      const scale = scaleOf(widen(task, kernels, rowOf(bytes, row, rowBytes(task)), floats));
      scales[first + row] = scale;
      kernels.quantizeRow(floats, scale || 1, rowOf(steps, row, columns));
    }
    kernels.transpose(steps.subarray(0, count * columns), columns, transposed.subarray(first), rows);
  }
  files.write(outputs.weight!, 0, transposed);
  files.write(outputs.scales!, 0, scales);
}

/** Of the checkpoint. */
export function bytesRead(task: EncodeTask): number {
  return task.rows * rowBytes(task);
}

function rowBytes({ source, columns }: EncodeTask): number {
  return columns * FLOAT_BYTES[source.dtype];
}

function rowsOfSlice(task: EncodeTask): number {
  const fitting = Math.floor(SLICE_BYTES / rowBytes(task));
  const rounded = Math.max(1, Math.floor(fitting / ROWS_AT_ONCE)) * ROWS_AT_ONCE;
  return Math.min(task.rows, rounded);
}

/** @returns the largest magnitude */
function widen(task: EncodeTask, kernels: Kernels, raw: Uint8Array<ArrayBuffer>, floats: Float32Array): number {
  const largest = kernels.widen(task.source.dtype, raw, floats);
  // A single infinity would spoil a whole row of weights, and every token after it.
  if (largest <= LARGEST_WEIGHT) return largest;
  throw new DamagedCheckpoint(`The checkpoint's ${task.tensor} holds values that are not numbers: it is damaged.`);
}

/** Reads the rows slice by slice, each into `raw`. */
function* slices(task: EncodeTask, files: TaskFiles, raw: Uint8Array<ArrayBuffer>) {
  const { source, rows } = task;
  const sliceRows = raw.length / rowBytes(task);
  for (let first = 0; first < rows; first += sliceRows) {
    const count = Math.min(sliceRows, rows - first);
    const bytes = raw.subarray(0, count * rowBytes(task));
    files.read({ path: source.path, offset: source.offset + first * rowBytes(task) }, bytes);
    yield { first, count, bytes };
  }
}

function rowOf(rows: Uint8Array<ArrayBuffer>, index: number, size: number): Uint8Array<ArrayBuffer> {
  return rows.subarray(index * size, (index + 1) * size);
}

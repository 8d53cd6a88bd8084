// Rows of a checkpoint's tensor → the bytes that stand for them, from file to file in slices. Files are read and written
// synchronously: this runs on threads that have nothing else to do.

import { DamagedCheckpoint } from "./damage";
import type { Encoding, FloatTreatment, Part } from "./encoding";
import { FLOAT_BYTES, type FloatType } from "./floats";
import { type Kernels, scaleOf } from "./kernels";
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
  const { rows, columns, outputs } = task;
  const sliceRows = rowsOfSlice(task);
  const [raw, wide] = kernels.allocate([sliceRows * rowBytes(task), sliceRows * columns * 4]);
  for (let first = 0; first < rows; first += sliceRows) {
    const count = Math.min(sliceRows, rows - first);
    const floats = new Float32Array(wide.buffer, wide.byteOffset, count * columns);
    readRows(task, files, first, raw.subarray(0, count * rowBytes(task)));
    widen(task, kernels, raw.subarray(0, count * rowBytes(task)), floats);
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
  const { rows, columns, outputs } = task;
  const perRow = columns / size;
  const bytes = {
    weight: (columns * bits) / 8,
    scales: perRow * 4,
    zeroPoints: bits === 4 ? Math.ceil(perRow / 2) : 0,
  };
  const sliceRows = rowsOfSlice(task);
  const [raw, wide, weight, scales, zeroPoints] = kernels.allocate([
    sliceRows * rowBytes(task),
    columns * 4,
    sliceRows * bytes.weight,
    sliceRows * bytes.scales,
    sliceRows * bytes.zeroPoints,
  ]);
  const floats = new Float32Array(wide.buffer, wide.byteOffset, columns);
  for (let first = 0; first < rows; first += sliceRows) {
    const count = Math.min(sliceRows, rows - first);
    readRows(task, files, first, raw.subarray(0, count * rowBytes(task)));
    for (let row = 0; row < count; row++) {
      widen(task, kernels, raw.subarray(row * rowBytes(task), (row + 1) * rowBytes(task)), floats);
      const out = weight.subarray(row * bytes.weight, (row + 1) * bytes.weight);
      const rowScales = new Float32Array(scales.buffer, scales.byteOffset + row * bytes.scales, perRow);
      if (bits === 8) kernels.quantizeBlocks8(floats, size, out, rowScales);
      else {
        const zeros = zeroPoints.subarray(row * bytes.zeroPoints, (row + 1) * bytes.zeroPoints);
        kernels.quantizeBlocks4(floats, size, out, rowScales, zeros);
      }
    }
    files.write(outputs.weight!, first * bytes.weight, weight.subarray(0, count * bytes.weight));
    files.write(outputs.scales!, first * bytes.scales, scales.subarray(0, count * bytes.scales));
    if (bits === 4) {
      files.write(outputs.zeroPoints!, first * bytes.zeroPoints, zeroPoints.subarray(0, count * bytes.zeroPoints));
    }
  }
}

/** The transposed tensor is whole in memory before it is written. */
function encodeRows8(task: EncodeTask, kernels: Kernels, files: TaskFiles): void {
  const { rows, columns, outputs } = task;
  const sliceRows = rowsOfSlice(task);
  const [raw, wide, whole, scalesAt, transposedAt] = kernels.allocate([
    sliceRows * rowBytes(task),
    columns * 4,
    sliceRows * columns,
    rows * 4,
    rows * columns,
  ]);
  const floats = new Float32Array(wide.buffer, wide.byteOffset, columns);
  const scales = new Float32Array(scalesAt.buffer, scalesAt.byteOffset, rows);
  const transposed = new Int8Array(transposedAt.buffer, transposedAt.byteOffset, rows * columns);
  for (let first = 0; first < rows; first += sliceRows) {
    const count = Math.min(sliceRows, rows - first);
    const steps = new Int8Array(whole.buffer, whole.byteOffset, count * columns);
    readRows(task, files, first, raw.subarray(0, count * rowBytes(task)));
    for (let row = 0; row < count; row++) {
      const bytes = raw.subarray(row * rowBytes(task), (row + 1) * rowBytes(task));
      const scale = scaleOf(widen(task, kernels, bytes, floats));
      scales[first + row] = scale;
      kernels.quantizeRow(floats, scale || 1, steps.subarray(row * columns, (row + 1) * columns));
    }
    kernels.transpose(steps, columns, transposed.subarray(first), rows);
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

function readRows(task: EncodeTask, files: TaskFiles, first: number, into: Uint8Array): void {
  files.read({ ...task.source, offset: task.source.offset + first * rowBytes(task) }, into);
}

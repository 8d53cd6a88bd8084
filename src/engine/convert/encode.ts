// A checkpoint's tensor → the tensors that stand for it in a model folder (models/README.md, "Tensors").

import { elementCount, type TensorSpec } from "../safetensors";
import type { Rows } from "./checkpoint";
import { quantizeBlock4, quantizeBlock8, quantizeRow } from "./quantize";
import type { ExpectedTensor, Treatment } from "./tensors";

/** How a model's linears are stored. */
export type WeightForm = "float32" | "int8" | "int4";

/** Turns rows, given in order, into bytes of the stored tensors. */
export interface Encoder {
  /** The tensors that will be written, by name. */
  readonly outputs: ReadonlyMap<string, TensorSpec>;
  encode(rows: Rows): readonly Piece[];
  /** What can only be written once all rows are known. */
  finish(): readonly Piece[];
}

/** Bytes of the tensor `name`, beginning at `offset` within it. */
export interface Piece {
  readonly name: string;
  readonly offset: number;
  readonly data: Uint8Array;
}

export function encoderFor(tensor: ExpectedTensor, form: WeightForm): Encoder {
  const { target, shape, treatment } = tensor;
  const [outSize, inSize] = shape as [number, number];
  const quantized = form !== "float32" && (treatment === "linear" || treatment === "embedding");
  if (quantized && treatment === "linear" && form === "int8") return int8Rows(target, outSize, inSize);
  const blockSize = BLOCK_SIZES.find((size) => inSize % size === 0);
  // Only toys have widths that no block divides; they stay as they are.
  if (!quantized || blockSize === undefined) return float32(target, shape, VALUE[treatment]);
  // The embedding is also the output head, where 4 bits by rounding to nearest would cost most and gain least.
  return blocks(target, outSize, inSize, blockSize, treatment === "embedding" ? 8 : 4);
}

/** MatMulNBits takes powers of two from 16; smaller blocks follow the weights better and cost more scales. */
const BLOCK_SIZES = [32, 16];

const VALUE: Readonly<Record<Treatment, (value: number) => number>> = {
  linear: (value) => value,
  embedding: (value) => value,
  float: (value) => value,
  norm: (value) => 1 + value,
  // softplus in the form that neither overflows nor loses small values.
  decay: (value) => -8 * (Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))),
};

function float32(name: string, shape: readonly number[], prepare: (value: number) => number): Encoder {
  const rowBytes = 4 * elementCount(shape.slice(1));
  return {
    outputs: new Map([[name, { dtype: "F32", shape }]]),
    encode: ({ first, values }) => [{ name, offset: first * rowBytes, data: bytesOf(values.map(prepare)) }],
    finish: () => [],
  };
}

/** One scale per output, the weights transposed to [in, out]: what the int8 matrix product reads. */
function int8Rows(name: string, outSize: number, inSize: number): Encoder {
  const scaleName = name.replace(/weight$/, "scale");
  let transposed = new Int8Array(0); // Made when the first row comes: encoders are also asked for their outputs alone.
  const scales = new Float32Array(outSize);
  return {
    outputs: new Map<string, TensorSpec>([
      [name, { dtype: "I8", shape: [inSize, outSize] }],
      [scaleName, { dtype: "F32", shape: [outSize] }],
    ]),
    encode({ first, values }) {
      if (first === 0) transposed = new Int8Array(inSize * outSize);
      for (let row = 0; row * inSize < values.length; row++) {
        const weights = values.subarray(row * inSize, (row + 1) * inSize);
        scales[first + row] = quantizeRow(weights, transposed, first + row, outSize);
      }
      return [];
    },
    finish: () => [
      { name, offset: 0, data: bytesOf(transposed) },
      { name: scaleName, offset: 0, data: bytesOf(scales) },
    ],
  };
}

/** One scale, and for 4 bits one zero point, per block of inputs: what MatMulNBits reads. */
function blocks(name: string, outSize: number, inSize: number, blockSize: number, bits: 4 | 8): Encoder {
  const perRow = inSize / blockSize;
  const blockBytes = (blockSize * bits) / 8;
  const zeroBytes = Math.ceil(perRow / 2);
  const scalesName = name.replace(/weight$/, "scales");
  const zerosName = name.replace(/weight$/, "zero_points");
  const outputs = new Map<string, TensorSpec>([
    [name, { dtype: "U8", shape: [outSize, perRow, blockBytes] }],
    [scalesName, { dtype: "F32", shape: [outSize, perRow] }],
  ]);
  if (bits === 4) outputs.set(zerosName, { dtype: "U8", shape: [outSize, zeroBytes] });
  return {
    outputs,
    encode({ first, values }) {
      const rows = values.length / inSize;
      const packed = new Uint8Array(rows * perRow * blockBytes);
      const scales = new Float32Array(rows * perRow);
      const zeros = new Uint8Array(rows * zeroBytes);
      for (let index = 0; index < scales.length; index++) {
        const block = values.subarray(index * blockSize, (index + 1) * blockSize);
        if (bits === 8) {
          scales[index] = quantizeBlock8(block, packed, index * blockBytes);
        } else {
          const { scale, zeroPoint } = quantizeBlock4(block, packed, index * blockBytes);
          const column = index % perRow;
          scales[index] = scale;
          zeros[Math.floor(index / perRow) * zeroBytes + (column >> 1)]! |= zeroPoint << (4 * (column & 1));
        }
      }
      const pieces = [
        { name, offset: first * perRow * blockBytes, data: packed },
        { name: scalesName, offset: first * perRow * 4, data: bytesOf(scales) },
      ];
      return bits === 4 ? [...pieces, { name: zerosName, offset: first * zeroBytes, data: zeros }] : pieces;
    },
    finish: () => [],
  };
}

function bytesOf(array: Float32Array | Int8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

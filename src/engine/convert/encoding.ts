// What becomes of a checkpoint's tensor: how it is encoded, and the tensors that stand for it in a model folder
// (models/README.md, "Tensors").

import type { TensorSpec } from "../model/safetensors";
import type { ExpectedTensor } from "./tensors";

/** How a model's linears are stored. */
export type WeightForm = "float32" | "int8" | "int4";

export type Encoding =
  | { readonly type: "float32"; readonly values: FloatTreatment }
  /** One scale for each output, the weights transposed to [in, out]: what the int8 matrix product reads. */
  | { readonly type: "rows8" }
  /** One scale, and for 4 bits one zero point, for each block of inputs: what MatMulNBits reads. */
  | { readonly type: "blocks"; readonly bits: 4 | 8; readonly size: number };

/** What happens to values that stay floats (see Treatment in tensors.ts). */
export type FloatTreatment = "same" | "norm" | "decay";

export function encodingOf({ target, shape, treatment }: ExpectedTensor, form: WeightForm): Encoding {
  if (treatment === "norm" || treatment === "decay") return { type: "float32", values: treatment };
  if (treatment === "float" || form === "float32") return FLOATS;
  if (treatment === "linear" && form === "int8") return { type: "rows8" };
  const bits = treatment === "embedding" || KEPT_AT_8.test(target) ? 8 : 4;
  const size = BLOCK_SIZES[bits].find((size) => shape[1]! % size === 0);
  // Only toys have widths that no block divides; they stay as they are.
  return size === undefined ? FLOATS : { type: "blocks", bits, size };
}

const FLOATS: Encoding = { type: "float32", values: "same" };

/**
 * Keys and values serve all heads: 4 bits cost most there and save next to nothing. (The embedding is also the output
 * head. training/LOG.md has what was measured.)
 */
const KEPT_AT_8 = /\.(k|v)_proj\.weight$/;

/**
 * In the order of preference; MatMulNBits takes powers of two from 16. Smaller blocks follow the weights better and cost
 * more scales, which 8 bits need less.
 */
const BLOCK_SIZES = { 4: [32, 16], 8: [128, 64, 32, 16] } as const;

/** A stored tensor's part in the encoding of one of the checkpoint's. */
export type Part = "weight" | "scales" | "zeroPoints";

export interface Output extends TensorSpec {
  readonly name: string;
}

/** The stored tensors by their parts. */
export function outputsOf({ target, shape }: ExpectedTensor, encoding: Encoding): Partial<Record<Part, Output>> {
  const [outSize, inSize] = shape as [number, number];
  const companion = (name: string) => target.replace(/weight$/, name);
  switch (encoding.type) {
    case "float32":
      return { weight: { name: target, dtype: "F32", shape } };
    case "rows8":
      return {
        weight: { name: target, dtype: "I8", shape: [inSize, outSize] },
        scales: { name: companion("scale"), dtype: "F32", shape: [outSize] },
      };
    case "blocks": {
      const perRow = inSize / encoding.size;
      const blockBytes = (encoding.size * encoding.bits) / 8;
      return {
        weight: { name: target, dtype: "U8", shape: [outSize, perRow, blockBytes] },
        scales: { name: companion("scales"), dtype: "F32", shape: [outSize, perRow] },
        ...(encoding.bits === 4 && {
          zeroPoints: { name: companion("zero_points"), dtype: "U8", shape: [outSize, Math.ceil(perRow / 2)] },
        }),
      };
    }
  }
}

// What becomes of a checkpoint's tensor: how it is encoded, and the tensors that stand for it in a model folder
// (models/README.md, "Tensors").

import type { TensorSpec } from "../safetensors";
import type { ExpectedTensor, Treatment } from "./tensors";

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

export function encodingOf({ shape, treatment }: ExpectedTensor, form: WeightForm): Encoding {
  if (treatment === "norm" || treatment === "decay") return { type: "float32", values: treatment };
  if (treatment === "float" || form === "float32") return FLOATS;
  if (treatment === "linear" && form === "int8") return { type: "rows8" };
  const size = BLOCK_SIZES.find((size) => shape[1]! % size === 0);
  // Only toys have widths that no block divides; they stay as they are.
  if (size === undefined) return FLOATS;
  return { type: "blocks", bits: bitsOf(treatment), size };
}

const FLOATS: Encoding = { type: "float32", values: "same" };

/** MatMulNBits takes powers of two from 16; smaller blocks follow the weights better and cost more scales. */
const BLOCK_SIZES = [32, 16];

/** The embedding is also the output head, where 4 bits cost most. */
function bitsOf(treatment: Treatment): 4 | 8 {
  return treatment === "embedding" ? 8 : 4;
}

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

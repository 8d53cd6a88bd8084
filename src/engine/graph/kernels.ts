// Which operators the graph is written with. Execution providers have kernels for different ones; what a provider has none
// for, the processor does instead, and all that goes in and out is copied between the two.

export interface Kernels {
  /**
   * How matrices that are stored as int8 are multiplied:
   * - by int8 or, where that kernel saturates (model/int8Products.ts), uint8 weights, with activations rounded to int8;
   * - "blocks": as 8-bit blocks of MatMulNBits, with activations as they are.
   */
  readonly int8Products: "int8" | "uint8" | "blocks";
  /** The recurrence step by step, or by an operator that knows such recurrences. */
  readonly recurrence: "Scan" | "LinearAttention";
}

export const PROCESSOR: Kernels = { int8Products: "int8", recurrence: "Scan" };

/** The kernels of x86 without VNNI. */
export const SATURATING_PROCESSOR: Kernels = { ...PROCESSOR, int8Products: "uint8" };

/** The kernels of onnxruntime 1.30: it has neither MatMulIntegerToFloat nor Scan. */
export const WEBGPU: Kernels = { int8Products: "blocks", recurrence: "LinearAttention" };

// Whether this processor's u8 × s8 matrix kernel saturates.
//
// x86 without VNNI multiplies pairs of bytes into 16 bits: 255 · 127 · 2 does not fit, and the kernel clips it without a
// word (onnxruntime's documentation of quantization, "When and why do I need to try U8U8?"). The probe multiplies the
// largest values and looks at the sum.

import { GraphWriter } from "./graphWriter";

const LENGTH = 64;

/** What the probe's only output must be. */
export const int8ProbeSum = 255 * 127 * LENGTH;

/** A model with the input `row` uint8 [1, 64] and the output `sum` int32 [1, 16]. */
export function buildInt8Probe(): Uint8Array {
  const g = new GraphWriter("int8_probe");
  const width = 16;
  // The row is an input: a product of constants would be folded without the kernel.
  const row = g.input("row", "uint8", [1, LENGTH]);
  const matrix = g.constant("int8", new Array<number>(LENGTH * width).fill(127), [LENGTH, width]);
  g.op("MatMulInteger", [row, matrix], { outputs: ["sum"] });
  g.output("sum", "int32", [1, width]);
  return g.toModel();
}

export const int8ProbeRow = new Uint8Array(LENGTH).fill(255);

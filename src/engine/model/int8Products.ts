// Whether this processor's u8 × s8 matrix kernel saturates.
//
// x86 without VNNI multiplies pairs of bytes into 16 bits: 255 · 127 · 2 does not fit, and the kernel clips it without a
// word (onnxruntime's documentation of quantization, "When and why do I need to try U8U8?"). The probe multiplies the
// largest values and looks at the sum.

import { GraphWriter } from "../graph/graphWriter";
import { Session, uint8 } from "./onnxRuntime";

/** Whether int8 weights must be shifted to uint8 on this processor. */
export async function int8ProductsSaturate(): Promise<boolean> {
  const session = await Session.load(probeGraph(), ".", { threads: 1 });
  const { sum } = await session.run({ row: uint8(new Uint8Array(LENGTH).fill(255), [1, LENGTH]) });
  await session.dispose();
  return (sum!.data as Int32Array).some((value) => value !== 255 * 127 * LENGTH);
}

const LENGTH = 64;

/** A model with the input `row` uint8 [1, 64] and the output `sum` int32 [1, 16]. */
function probeGraph(): Uint8Array {
  const g = new GraphWriter("int8_probe");
  const width = 16;
  // The row is an input: a product of constants would be folded without the kernel.
  const row = g.input("row", "uint8", [1, LENGTH]);
  const matrix = g.constant("int8", new Array<number>(LENGTH * width).fill(127), [LENGTH, width]);
  g.op("MatMulInteger", [row, matrix], { outputs: ["sum"] });
  g.output("sum", "int32", [1, width]);
  return g.toModel();
}

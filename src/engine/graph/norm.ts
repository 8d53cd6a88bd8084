// RMS norm over the last axis: x / sqrt(mean(x²) + ε) · gain. The stored gain is the reference's 1 + w.

import type { Value } from "./graphWriter";
import type { Toolbox } from "./toolbox";

/** The norm stored under `${name}.weight`, over a last axis of `size`. */
export function rmsNorm({ g, weights, rmsNormEpsilon }: Toolbox, name: string, x: Value, size: number): Value {
  const gain = weights.value(`${name}.weight`, "F32", [size]);
  return g.op("SimplifiedLayerNormalization", [x, gain], {
    attributes: { axis: -1, epsilon: { float: rmsNormEpsilon } },
  });
}

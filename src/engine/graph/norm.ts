// RMS norm over the last axis: x / sqrt(mean(x²) + ε) · gain. The stored gain is the reference's 1 + w.

import type { GraphWriter, Value } from "./graphWriter";
import type { Weights } from "./weights";

export class Norms {
  constructor(
    private readonly g: GraphWriter,
    private readonly weights: Weights,
    private readonly epsilon: number,
  ) {}

  /** The norm stored under `${name}.weight`, over a last axis of `size`. */
  apply(name: string, x: Value, size: number): Value {
    const gain = this.weights.value(`${name}.weight`, "F32", [size]);
    return this.g.op("SimplifiedLayerNormalization", [x, gain], {
      attributes: { axis: -1, epsilon: { float: this.epsilon } },
    });
  }
}

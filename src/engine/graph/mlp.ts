// The gated MLP: down(gelu(gate(x)) · up(x)).

import type { Layer } from "../model/architecture";
import type { GraphWriter, Value } from "./graphWriter";
import type { Toolbox } from "./toolbox";

/** x [T, D], already normed → [T, D]. */
export function mlp({ g, linears, hiddenSize }: Toolbox, layer: Layer, prefix: string, x: Value): Value {
  const { mlpWidth, mlpBias: bias } = layer;
  const gate = linears.apply(`${prefix}.gate_proj`, x, hiddenSize, mlpWidth, { bias });
  const up = linears.apply(`${prefix}.up_proj`, x, hiddenSize, mlpWidth, { bias });
  const gated = g.op("Mul", [geluTanh(g, gate), up]);
  return linears.apply(`${prefix}.down_proj`, gated, mlpWidth, hiddenSize, { bias });
}

/** The tanh form of GeLU, which the whole Gemma family uses. */
export function geluTanh(g: GraphWriter, x: Value): Value {
  return g.op("Gelu", [x], { attributes: { approximate: "tanh" } });
}

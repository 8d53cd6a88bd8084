// The gated MLP: down(gelu(gate(x)) · up(x)).

import type { Layer } from "../model/architecture";
import type { GraphWriter, Value } from "./graphWriter";
import type { Linears } from "./linear";

/** x [T, D], already normed → [T, D]. */
export function mlp(
  g: GraphWriter,
  linears: Linears,
  prefix: string,
  layer: Layer,
  hiddenSize: number,
  x: Value,
): Value {
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

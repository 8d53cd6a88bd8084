// Griffin's recurrent block (arXiv 2402.19427, sections 2.3 and 2.4; recurrentgemma/torch/layers.py): a causal
// convolution, an RG-LRU, and a GeLU branch that gates its output.

import type { RecurrentLayer } from "../model/architecture";
import { GraphWriter, type Value } from "./graphWriter";
import { geluTanh } from "./mlp";
import { layerNames } from "./names";
import type { Toolbox } from "./toolbox";

/**
 * The block, with the layer's part of the state as inputs and outputs of the graph.
 * @param x [T, D], already normed
 * @returns [T, D]
 */
export function recurrent(tools: Toolbox, layer: RecurrentLayer, index: number, x: Value): Value {
  const { g, linears, hiddenSize } = tools;
  const { lruWidth, convWidth } = layer;
  const names = layerNames(index);
  const prefix = `model.layers.${index}.temporal_block`;
  // h after the last token, and the convolution's last inputs.
  const rgLruState = g.input(names.rgLruState, "float32", [lruWidth]);
  const conv1dState = g.input(names.conv1dState, "float32", [1, convWidth - 1, lruWidth]);
  const bias = { bias: true };
  const y = geluTanh(g, linears.apply(`${prefix}.linear_y`, x, hiddenSize, lruWidth, bias));
  const u = linears.apply(`${prefix}.linear_x`, x, hiddenSize, lruWidth, bias);
  const conv = conv1d(tools, layer, `${prefix}.conv_1d`, u, conv1dState);
  const lru = rgLru(tools, layer, `${prefix}.rg_lru`, conv.output, rgLruState);
  g.publish(lru.state, names.newRgLruState, "float32", [lruWidth]);
  g.publish(conv.state, names.newConv1dState, "float32", [1, convWidth - 1, lruWidth]);
  return linears.apply(`${prefix}.linear_out`, g.op("Mul", [lru.output, y]), lruWidth, hiddenSize, bias);
}

/** Depthwise causal convolution; the last kernel element meets the current token. u and the output: [T, W]. */
function conv1d({ g, weights }: Toolbox, layer: RecurrentLayer, name: string, u: Value, state: Value) {
  const { lruWidth, convWidth } = layer;
  const [output, newState] = g.ops(
    "CausalConvWithState",
    [
      g.op("Unsqueeze", [u, g.constant("int64", [0])]),
      weights.value(`${name}.weight`, "F32", [lruWidth, 1, convWidth]),
      weights.value(`${name}.bias`, "F32", [lruWidth]),
      state,
    ],
    2,
    { domain: "com.microsoft", attributes: { channels_last: 1, activation: "none" } },
  );
  return { output: g.op("Squeeze", [output!, g.constant("int64", [0])]), state: newState! };
}

/**
 * h_t = a_t ⊙ h_{t−1} + sqrt(1 − a_t²) ⊙ i_t ⊙ c_t, with a_t = exp(r_t ⊙ log_a).
 * At position 0 the multiplier is 1 instead of the square root (and h_{−1} is zero). c and the output: [T, W].
 */
function rgLru(tools: Toolbox, layer: RecurrentLayer, name: string, c: Value, state: Value) {
  const { g, weights, positions } = tools;
  const { lruWidth } = layer;
  const inputGate = blockDiagonalGate(tools, layer, `${name}.input_gate`, c);
  const recurrentGate = blockDiagonalGate(tools, layer, `${name}.recurrent_gate`, c);
  const logA = g.op("Mul", [recurrentGate, weights.value(`${name}.log_a`, "F32", [lruWidth])]);
  const a = g.op("Exp", [logA]);
  const aSquared = g.op("Exp", [g.op("Mul", [logA, g.scalar("float32", 2)])]);
  const one = g.scalar("float32", 1);
  const multiplier = g.op("Where", [positions.isFirstToken(), one, g.op("Sqrt", [g.op("Sub", [one, aSquared])])]);
  const input = g.op("Mul", [g.op("Mul", [c, inputGate]), multiplier]);
  return tools.kernels.recurrence === "Scan"
    ? stepByStep(g, lruWidth, { a, input, state })
    : asLinearAttention(g, lruWidth, { logA, input, state });
}

function stepByStep(g: GraphWriter, width: number, { a, input, state }: { a: Value; input: Value; state: Value }) {
  const [last, all] = g.ops("Scan", [state, a, input], 2, {
    attributes: { body: linearStep(width), num_scan_inputs: 2 },
  });
  return { output: all!, state: last! };
}

/**
 * Gated linear attention, S_t = exp(g_t) S_{t−1} + k_t ⊗ v_t and o_t = q_t S_t, is the same recurrence when each channel is a
 * head of its own, of one number, with q = k = 1 (arXiv 2312.06635; onnxruntime's ContribOperators.md).
 */
function asLinearAttention(
  g: GraphWriter,
  width: number,
  { logA, input, state }: { logA: Value; input: Value; state: Value },
) {
  const batch = (x: Value) => g.op("Unsqueeze", [x, g.constant("int64", [0])]);
  const ones = g.op("Expand", [g.scalar("float32", 1), g.op("Shape", [batch(input)])]);
  const before = g.op("Reshape", [state, g.constant("int64", [1, width, 1, 1])]);
  const [all, last] = g.ops("LinearAttention", [ones, ones, batch(input), before, batch(logA)], 2, {
    domain: "com.microsoft",
    attributes: { update_rule: "gated", q_num_heads: width, kv_num_heads: width, scale: { float: 1 } },
  });
  return {
    output: g.op("Squeeze", [all!, g.constant("int64", [0])]),
    state: g.op("Reshape", [last!, g.constant("int64", [width])]),
  };
}

/** The body of the scan: h ← a ⊙ h + x, for vectors [W]. */
function linearStep(width: number): GraphWriter {
  const body = new GraphWriter("linear_step");
  for (const name of ["h", "a", "x"]) body.input(name, "float32", [width]);
  body.op("Add", [body.op("Mul", ["a", "h"]), "x"], { outputs: ["h_next"] });
  body.op("Identity", ["h_next"], { outputs: ["h_all"] });
  body.output("h_next", "float32", [width]);
  body.output("h_all", "float32", [width]);
  return body;
}

/** σ(x_b W_b + bias_b) for each block b of the channels. x and the result: [T, W]. */
function blockDiagonalGate({ g, weights }: Toolbox, layer: RecurrentLayer, name: string, x: Value): Value {
  const { lruWidth, numGateBlocks: blocks } = layer;
  const size = lruWidth / blocks;
  const byBlock = g.op("Transpose", [g.op("Reshape", [x, g.constant("int64", [-1, blocks, size])])], {
    attributes: { perm: [1, 0, 2] },
  });
  const product = g.op("MatMul", [byBlock, weights.value(`${name}_weight`, "F32", [blocks, size, size])]);
  const byToken = g.op("Reshape", [
    g.op("Transpose", [product], { attributes: { perm: [1, 0, 2] } }),
    g.constant("int64", [-1, lruWidth]),
  ]);
  const bias = weights.value(`${name}_bias`, "F32", [blocks, size], { as: `${name}_bias.flat`, shape: [lruWidth] });
  return g.op("Sigmoid", [g.op("Add", [byToken, bias])]);
}

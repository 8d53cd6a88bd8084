// Local attention with one shared key/value head, over a slice of the key/value log and the new tokens.
//
// Written in plain operators rather than GroupQueryAttention: the past is read where it lies, neither copied nor
// rewritten, so rows of the log stay immutable and states can share them; and the heads' queries form one matrix
// against the shared keys, which suits the matrix kernels.

import type { AttentionLayer } from "../model/architecture";
import type { Value } from "./graphWriter";
import { layerNames } from "./names";
import { rmsNorm } from "./norm";
import type { Toolbox } from "./toolbox";

/**
 * The block, with the layer's part of the state as inputs and outputs of the graph: see `stateInputs`.
 * @param x [T, D], already normed
 * @returns [T, D]
 */
export function attention(tools: Toolbox, layer: AttentionLayer, index: number, x: Value): Value {
  const { g, linears, positions, hiddenSize } = tools;
  const { numHeads, headDim } = layer;
  const names = layerNames(index);
  const prefix = `model.layers.${index}.temporal_block`;
  // The last n tokens' keys after RoPE and their values, n = min(position, window).
  const pastKeys = g.input(names.keys, "float32", [`n_${index}`, headDim]);
  const pastValues = g.input(names.values, "float32", [`n_${index}`, headDim]);
  const project = (name: string, size: number) =>
    linears.apply(`${prefix}.${name}`, x, hiddenSize, size, { bias: false });

  // 1. Queries [T·H, d] and the new tokens' keys and values [T, d].
  const byHead = (x: Value) => g.op("Reshape", [x, g.constant("int64", [-1, headDim])]);
  const normedQueries = normed(tools, layer, `${prefix}.q_norm`, numHeads, project("q_proj", numHeads * headDim));
  const queries = byHead(positions.rotate(layer, numHeads, normedQueries));
  const newKeys = byHead(
    positions.rotate(layer, 1, normed(tools, layer, `${prefix}.k_norm`, 1, project("k_proj", headDim))),
  );
  const newValues = project("v_proj", headDim);
  g.publish(newKeys, names.newKeys, "float32", ["T", headDim]);
  g.publish(newValues, names.newValues, "float32", ["T", headDim]);

  // 2. Scores of every query against the sink, the past and the new tokens: [T·H, C]. FusedMatMul takes the same time on the
  // processor, but WebGPU has no kernel for it.
  const score = (rows: Value, key: Value) =>
    g.op("Gemm", [rows, key], { attributes: { transB: 1, alpha: { float: layer.queryScale } } });
  const scores = [score(queries, pastKeys), score(queries, newKeys)];
  const values = [pastValues, newValues];
  if (layer.sink === "first-token") {
    // The first token's, which count once it has left the window.
    const sinkKey = g.input(names.sinkKey, "float32", [1, headDim]);
    const sinkValue = g.input(names.sinkValue, "float32", [1, headDim]);
    const towardsSink = byHead(positions.rotateTowardsSink(layer, numHeads, normedQueries));
    scores.unshift(score(towardsSink, sinkKey));
    values.unshift(sinkValue);
  }
  const allScores = g.op("Concat", scores, { attributes: { axis: 1 } });

  // 3. Softmax over what the window lets each query see.
  const mask = positions.mask(layer, pastKeys);
  const perHead = g.op("Reshape", [allScores, mask.scoresShape(numHeads)]);
  const probabilities = g.op("Softmax", [g.op("Add", [perHead, mask.bias])], { attributes: { axis: -1 } });
  const flat = g.op("Reshape", [probabilities, mask.flatShape]);

  // 4. The weighted values, summed over the same parts.
  const shares = g.ops("Split", [flat, mask.partSizes], values.length, { attributes: { axis: 1 } });
  const mixed = shares
    .map((share, index) => g.op("MatMul", [share, values[index]!]))
    .reduce((a, b) => g.op("Add", [a, b]));
  const heads = g.op("Reshape", [mixed, g.constant("int64", [-1, numHeads * headDim])]);
  return linears.apply(`${prefix}.o_proj`, heads, numHeads * headDim, hiddenSize, { bias: layer.outputBias });
}

/** [T, heads·d] → the same as [1, T, heads·d], each head normed where the layer has it. */
function normed(tools: Toolbox, layer: AttentionLayer, name: string, heads: number, x: Value): Value {
  const { g } = tools;
  const { headDim, queryKeyNorm } = layer;
  const reshaped = (x: Value, shape: readonly number[]) => g.op("Reshape", [x, g.constant("int64", shape)]);
  const perHead = () => (heads === 1 ? x : reshaped(x, [-1, headDim]));
  return reshaped(queryKeyNorm ? rmsNorm(tools, name, perHead(), headDim) : x, [1, -1, heads * headDim]);
}

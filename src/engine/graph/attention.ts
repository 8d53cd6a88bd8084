// Local attention with one shared key/value head, over a slice of the key/value log and the new tokens.
//
// Written in plain operators rather than GroupQueryAttention: the past is read where it lies, neither copied nor
// rewritten, so rows of the log stay immutable and states can share them; and the heads' queries form one matrix
// against the shared keys, which suits the matrix kernels.

import type { AttentionLayer } from "../model/architecture";
import type { Value } from "./graphWriter";
import type { Toolbox } from "./toolbox";

/** A layer's part of the state as the graph sees it; see `stateInputs` in names.ts. */
export interface AttentionInputs {
  /** [n, headDim]: the last n tokens' keys after RoPE, n = min(position, window). */
  readonly pastKeys: Value;
  /** [n, headDim] */
  readonly pastValues: Value;
  /** [1, headDim]: the first token's key and value, read once it has left the window. Only for sink layers. */
  readonly sinkKey?: Value;
  readonly sinkValue?: Value;
}

export interface AttentionOutputs {
  /** [T, D] */
  readonly output: Value;
  /** [T, headDim] */
  readonly newKeys: Value;
  readonly newValues: Value;
}

/**
 * @param prefix what the names of the layer's tensors begin with
 * @param x [T, D], already normed
 */
export function attention(
  tools: Toolbox,
  layer: AttentionLayer,
  prefix: string,
  x: Value,
  past: AttentionInputs,
): AttentionOutputs {
  const { g, linears, positions, hiddenSize } = tools;
  const { numHeads, headDim } = layer;
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

  // 2. Scores of every query against the sink, the past and the new tokens: [T·H, C]. FusedMatMul takes the same time on the
  // processor, but WebGPU has no kernel for it.
  const score = (rows: Value, key: Value) =>
    g.op("Gemm", [rows, key], { attributes: { transB: 1, alpha: { float: layer.queryScale } } });
  const scores = [score(queries, past.pastKeys), score(queries, newKeys)];
  const values = [past.pastValues, newValues];
  if (past.sinkKey !== undefined && past.sinkValue !== undefined) {
    const towardsSink = byHead(positions.rotateTowardsSink(layer, numHeads, normedQueries));
    scores.unshift(score(towardsSink, past.sinkKey));
    values.unshift(past.sinkValue);
  }
  const allScores = g.op("Concat", scores, { attributes: { axis: 1 } });

  // 3. Softmax over what the window lets each query see.
  const mask = positions.mask(layer, past.pastKeys);
  const perHead = g.op("Reshape", [allScores, mask.scoresShape(numHeads)]);
  const probabilities = g.op("Softmax", [g.op("Add", [perHead, mask.bias])], { attributes: { axis: -1 } });
  const flat = g.op("Reshape", [probabilities, mask.flatShape]);

  // 4. The weighted values, summed over the same parts.
  const shares = g.ops("Split", [flat, mask.partSizes], values.length, { attributes: { axis: 1 } });
  const mixed = shares
    .map((share, index) => g.op("MatMul", [share, values[index]!]))
    .reduce((a, b) => g.op("Add", [a, b]));
  const heads = g.op("Reshape", [mixed, g.constant("int64", [-1, numHeads * headDim])]);
  const output = linears.apply(`${prefix}.o_proj`, heads, numHeads * headDim, hiddenSize, { bias: layer.outputBias });
  return { output, newKeys, newValues };
}

/** [T, heads·d] → the same as [1, T, heads·d], each head normed where the layer has it. */
function normed(
  { g, norms }: Toolbox,
  { headDim, queryKeyNorm }: AttentionLayer,
  name: string,
  heads: number,
  x: Value,
): Value {
  const reshaped = (x: Value, shape: readonly number[]) => g.op("Reshape", [x, g.constant("int64", shape)]);
  const perHead = () => (heads === 1 ? x : reshaped(x, [-1, headDim]));
  return reshaped(queryKeyNorm ? norms.apply(name, perHead(), headDim) : x, [1, -1, heads * headDim]);
}

// Local attention with one shared key/value head, over a slice of the key/value log and the new tokens.
//
// Written in plain operators rather than GroupQueryAttention: the past is read where it lies, neither copied nor
// rewritten, so rows of the log stay immutable and states can share them; and the heads' queries form one matrix
// against the shared keys, which suits the matrix kernels.

import type { AttentionLayer } from "../architecture";
import type { GraphWriter, Value } from "./graphWriter";
import type { Linears } from "./linear";
import type { Norms } from "./norm";
import type { Positions } from "./positions";

/** A layer's part of the state as the graph sees it; see StateLayout. */
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

/** x [T, D], already normed. */
export function attention(
  g: GraphWriter,
  linears: Linears,
  norms: Norms,
  positions: Positions,
  prefix: string,
  layer: AttentionLayer,
  hiddenSize: number,
  x: Value,
  past: AttentionInputs,
): AttentionOutputs {
  const { numHeads, headDim } = layer;
  const project = (name: string, size: number) =>
    linears.apply(`${prefix}.${name}`, x, hiddenSize, size, { bias: false });

  // 1. Queries [T·H, d] and the new tokens' keys and values [T, d].
  const queries = rotated(
    g,
    norms,
    positions,
    prefix,
    "q_norm",
    layer,
    numHeads,
    project("q_proj", numHeads * headDim),
  );
  const newKeys = rotated(g, norms, positions, prefix, "k_norm", layer, 1, project("k_proj", headDim));
  const newValues = project("v_proj", headDim);

  // 2. Scores of every query against the sink, the past and the new tokens: [T·H, C].
  const keys = [past.sinkKey, past.pastKeys, newKeys].filter((value) => value !== undefined);
  const values = [past.sinkValue, past.pastValues, newValues].filter((value) => value !== undefined);
  const scores = keys.map((key) =>
    g.op("FusedMatMul", [queries, key], {
      domain: "com.microsoft",
      attributes: { transB: 1, alpha: { float: layer.queryScale } },
    }),
  );
  const allScores = g.op("Concat", scores, { attributes: { axis: 1 } });

  // 3. Softmax over what the window lets each query see.
  const mask = positions.mask(layer, past.pastKeys);
  const perHead = g.op("Reshape", [allScores, mask.scoresShape(numHeads)]);
  const probabilities = g.op("Softmax", [g.op("Add", [perHead, mask.bias])], { attributes: { axis: -1 } });
  const flat = g.op("Reshape", [probabilities, mask.flatShape]);

  // 4. The weighted values, summed over the same parts.
  const shares = g.ops("Split", [flat, mask.partSizes], keys.length, { attributes: { axis: 1 } });
  const mixed = shares
    .map((share, index) => g.op("MatMul", [share, values[index]!]))
    .reduce((a, b) => g.op("Add", [a, b]));
  const heads = g.op("Reshape", [mixed, g.constant("int64", [-1, numHeads * headDim])]);
  const output = linears.apply(`${prefix}.o_proj`, heads, numHeads * headDim, hiddenSize, { bias: layer.outputBias });
  return { output, newKeys, newValues };
}

/** [T, heads·d] → normed (where the layer has it) and rotated [T·heads, d]. */
function rotated(
  g: GraphWriter,
  norms: Norms,
  positions: Positions,
  prefix: string,
  normName: string,
  layer: AttentionLayer,
  heads: number,
  x: Value,
): Value {
  const { headDim } = layer;
  const perHead = g.op("Reshape", [x, g.constant("int64", [-1, headDim])]);
  const normed = layer.queryKeyNorm ? norms.apply(`${prefix}.${normName}`, perHead, headDim) : perHead;
  const batched = g.op("Reshape", [normed, g.constant("int64", [1, -1, heads * headDim])]);
  const turned = positions.rotate(layer, heads, batched);
  return g.op("Reshape", [turned, g.constant("int64", [-1, headDim])]);
}

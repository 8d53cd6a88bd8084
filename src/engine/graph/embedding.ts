// Token ids to the residual stream, and the residual stream to logits: one tied matrix, stored once.

import type { Architecture } from "../model/architecture";
import type { GraphWriter, Value } from "./graphWriter";
import { blockOperands, type Linears } from "./linear";
import type { Weights } from "./weights";

const NAME = "model.embed_tokens";

/** tokenIds [T] → [T, D], scaled. */
export function embed(g: GraphWriter, weights: Weights, architecture: Architecture, tokenIds: Value): Value {
  const rows = gatherRows(g, weights, architecture, tokenIds);
  return g.op("Mul", [rows, g.scalar("float32", architecture.embeddingScale)]);
}

/** x [R, D], already normed → logits [R, V], soft-capped where the architecture says so. */
export function logitsOf(g: GraphWriter, linears: Linears, architecture: Architecture, x: Value): Value {
  const { hiddenSize, vocabSize, logitsSoftCap } = architecture;
  const logits = linears.apply(NAME, x, hiddenSize, vocabSize, { bias: false });
  if (logitsSoftCap === null) return logits;
  const cap = g.scalar("float32", logitsSoftCap);
  return g.op("Mul", [g.op("Tanh", [g.op("Div", [logits, cap])]), cap]);
}

function gatherRows(g: GraphWriter, weights: Weights, architecture: Architecture, tokenIds: Value): Value {
  const { hiddenSize, vocabSize } = architecture;
  const { dtype } = weights.find(`${NAME}.weight`);
  if (dtype === "F32") {
    return g.op("Gather", [weights.value(`${NAME}.weight`, "F32", [vocabSize, hiddenSize]), tokenIds]);
  }
  if (dtype !== "U8")
    throw new Error(`The embedding is stored as ${dtype}; only F32 and blocks (U8) are read row by row`);
  const { bits, blockSize, blocks, operands } = blockOperands(weights, NAME, hiddenSize, vocabSize);
  const blockBytes = (blockSize * bits) / 8;
  // The gather wants the blocks of a row side by side: the same bytes under another shape.
  const rows = weights.value(`${NAME}.weight`, "U8", [vocabSize, blocks, blockBytes], {
    as: `${NAME}.weight.rows`,
    shape: [vocabSize, blocks * blockBytes],
  });
  return g.op("GatherBlockQuantized", [rows, tokenIds, ...operands.slice(1)], {
    domain: "com.microsoft",
    attributes: { bits, block_size: blockSize, gather_axis: 0, quantize_axis: 1 },
  });
}

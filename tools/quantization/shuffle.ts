// The same model with its columns in another order. The bundled model's weights come from blocks of 4 and 5 bits, and
// blocks of ours that happen to be the same would seem better than they are.

import type { Architecture } from "../../src/engine/model/architecture";

/** What becomes of a tensor [rows, columns] in float32, or of one with a single row. */
export type Preparation = (name: string, values: Float32Array) => Float32Array;

/** Moves the numbers within each token's vectors, each layer's MLP and each head's values: what the model says stays. */
export function shuffling({ hiddenSize, layers }: Architecture): Preparation {
  const hidden = permutation(hiddenSize, 1);
  const orders = layers.map((layer, index) => {
    if (layer.temporal !== "attention") throw new Error("Only models of attention alone are shuffled.");
    const head = permutation(layer.headDim, 1000 + index);
    const heads = Array.from({ length: layer.numHeads }, (_, h) => head.map((i) => h * layer.headDim + i)).flat();
    return { mlp: permutation(layer.mlpWidth, 2000 + index), head, heads };
  });
  return (name, values) => {
    const part = name.replace(/\.weight$/, "").replace(/^.*\./, "");
    const { mlp, head, heads } = orders[Number(/layers\.(\d+)\./.exec(name)?.[1] ?? 0)]!;
    if (part === "q_norm" || part === "k_norm") return values;
    if (part === "v_proj") return moved(values, hidden, head);
    if (part === "o_proj") return moved(values, heads, hidden);
    if (part === "gate_proj" || part === "up_proj") return moved(values, hidden, mlp);
    if (part === "down_proj") return moved(values, mlp, hidden);
    return moved(values, hidden);
  };
}

function moved(values: Float32Array, columns: readonly number[], rows?: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  const width = columns.length;
  for (let row = 0; row < values.length / width; row++) {
    const from = (rows?.[row] ?? row) * width;
    for (let i = 0; i < width; i++) result[row * width + i] = values[from + columns[i]!]!;
  }
  return result;
}

/** Always the same for the same seed. */
function permutation(size: number, seed: number): number[] {
  const order = Array.from({ length: size }, (_, i) => i);
  let state = seed;
  for (let i = size - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

// What depends on where a token stands: RoPE's angles and the windows' masks. Each is written once and shared by all
// layers that agree on it.

import { type AttentionLayer, SINK_REACH } from "../model/architecture";
import type { GraphWriter, Value } from "./graphWriter";

/** Added to the score of a token that a query may not see; softmax makes it an exact zero. */
const HIDDEN = -1e30;

/** Tokens of the coarse part of a position; see anglesOf. */
const COARSE_STEP = 1024;

export interface Mask {
  /** [T, 1, C]: 0 where the query sees the column, else HIDDEN. Columns: the sink (if any), the past, the new tokens. */
  readonly bias: Value;
  /** int64 [T, H, C] */
  scoresShape(numHeads: number): Value;
  /** int64 [-1, C] */
  readonly flatShape: Value;
  /** int64: how many columns each part has. */
  readonly partSizes: Value;
}

export class Positions {
  /** int64 []: the first new token's. */
  readonly #first: Value;
  /** int64 []: how many new tokens there are. */
  readonly #count: Value;
  /** int64 [T] */
  readonly #queries: Value;
  readonly #angles = new Map<string, { readonly cos: Value; readonly sin: Value }>();
  readonly #masks = new Map<string, Mask>();
  #sinkQueries: Value | undefined;
  #isFirstToken: Value | undefined;

  /** `position` int64 [1] is the first new token's place in the sequence; `tokenIds` int64 [T] tells their number. */
  constructor(
    private readonly g: GraphWriter,
    position: Value,
    tokenIds: Value,
  ) {
    this.#first = g.op("Squeeze", [position]);
    this.#count = g.op("Size", [tokenIds]);
    this.#queries = this.#range(this.#first, g.op("Add", [this.#first, this.#count]));
  }

  /** bool [T, 1]: true for the token at position 0, where a sequence begins. */
  isFirstToken(): Value {
    this.#isFirstToken ??= this.#column(this.g.op("Equal", [this.#queries, this.g.scalar("int64", 0)]));
    return this.#isFirstToken;
  }

  /** RoPE over the first `ropeDims` of each head. x and the result: [1, T, heads · headDim]. */
  rotate(layer: AttentionLayer, heads: number, x: Value): Value {
    return this.#rotated(layer, heads, x, this.#queries, "");
  }

  /**
   * The same for queries of the first token alone, which stands at position 0: from far away it is seen as from
   * `SINK_REACH`, because a model knows no larger distances.
   */
  rotateTowardsSink(layer: AttentionLayer, heads: number, x: Value): Value {
    this.#sinkQueries ??= this.g.op("Min", [this.#queries, this.g.scalar("int64", SINK_REACH)]);
    return this.#rotated(layer, heads, x, this.#sinkQueries, "sink");
  }

  #rotated(layer: AttentionLayer, heads: number, x: Value, queries: Value, from: string): Value {
    const { cos, sin } = this.#anglesOf(layer.ropeBase, layer.ropeDims, queries, from);
    const partial = layer.ropeDims < layer.headDim ? { rotary_embedding_dim: layer.ropeDims } : {};
    return this.g.op("RotaryEmbedding", [x, cos, sin], { attributes: { num_heads: heads, ...partial } });
  }

  /** The mask of a layer whose past holds `pastKeys` [n, headDim]. */
  mask(layer: AttentionLayer, pastKeys: Value): Mask {
    const key = `${layer.window} ${layer.sink}`;
    let mask = this.#masks.get(key);
    if (mask === undefined) {
      mask = this.#writeMask(layer, pastKeys);
      this.#masks.set(key, mask);
    }
    return mask;
  }

  #writeMask(layer: AttentionLayer, pastKeys: Value): Mask {
    const g = this.g;
    const sink = layer.sink === "first-token";
    const zero = g.scalar("int64", 0);
    const pastCount = g.op("Gather", [g.op("Shape", [pastKeys]), zero]);
    const oldest = g.op("Sub", [this.#first, pastCount]);
    const columns = this.#range(oldest, g.op("Add", [this.#first, this.#count]));

    // distance [T, n + T]: how far the column's token lies behind the query.
    const distance = g.op("Sub", [this.#column(this.#queries), columns]);
    const causal = g.op("GreaterOrEqual", [distance, zero]);
    const near = g.op("LessOrEqual", [distance, g.scalar("int64", layer.window)]);
    const inReach = sink ? g.op("Or", [near, g.op("Equal", [columns, zero])]) : near;
    // Before the first token stands the row that `stateInputs` gives to a past without any.
    const exists = g.op("GreaterOrEqual", [columns, zero]);
    const visible = g.op("And", [g.op("And", [causal, inReach]), exists]);
    // The first token has a column of its own only while the past no longer holds it; else it would count twice.
    const columnsVisible = sink ? this.#withSinkColumn(visible, g.op("Greater", [oldest, zero])) : visible;
    const bias = g.op("Where", [columnsVisible, g.scalar("float32", 0), g.scalar("float32", HIDDEN)]);

    const one = g.constant("int64", [1]);
    const count = this.#vector(this.#count);
    const past = this.#vector(pastCount);
    const partSizes = g.op("Concat", sink ? [one, past, count] : [past, count], { attributes: { axis: 0 } });
    const total = g.op("ReduceSum", [partSizes], { attributes: { keepdims: 1 } });
    return {
      bias: g.op("Unsqueeze", [bias, one]),
      scoresShape: (numHeads) =>
        g.op("Concat", [count, g.constant("int64", [numHeads]), total], { attributes: { axis: 0 } }),
      flatShape: g.op("Concat", [g.constant("int64", [-1]), total], { attributes: { axis: 0 } }),
      partSizes,
    };
  }

  /** visible [T, C] → [T, 1 + C] with the sink's column in front. */
  #withSinkColumn(visible: Value, sinkVisible: Value): Value {
    const g = this.g;
    const shape = g.op("Concat", [this.#vector(this.#count), g.constant("int64", [1])], { attributes: { axis: 0 } });
    const column = g.op("Expand", [sinkVisible, shape]);
    return g.op("Concat", [column, visible], { attributes: { axis: 1 } });
  }

  /** cos and sin [1, T, dims / 2] of position · base^(−2i / dims). */
  #anglesOf(base: number, dims: number, queries: Value, from: string): { readonly cos: Value; readonly sin: Value } {
    const key = `${base} ${dims} ${from}`;
    let angles = this.#angles.get(key);
    if (angles === undefined) {
      const g = this.g;
      const half = dims / 2;
      const frequencies = Array.from({ length: half }, (_, i) => base ** ((-2 * i) / dims));
      // Half a million tokens on, position · frequency in float32 is off by 0.03 of a turn. So the position goes in two
      // parts, and what a step of the coarse part turns is reduced to less than one turn beforehand.
      const step = g.scalar("int64", COARSE_STEP);
      const coarse = g.op("Div", [queries, step]);
      const fine = g.op("Sub", [queries, g.op("Mul", [coarse, step])]);
      const turn = (part: Value, frequency: readonly number[]) => {
        const positions = this.#column(g.cast(part, "float32"));
        return g.op("Mul", [positions, g.constant("float32", frequency, [1, half])]);
      };
      const reduced = frequencies.map((frequency) => (COARSE_STEP * frequency) % (2 * Math.PI));
      const angle = g.op("Unsqueeze", [
        g.op("Add", [turn(coarse, reduced), turn(fine, frequencies)]),
        g.constant("int64", [0]),
      ]);
      angles = { cos: g.op("Cos", [angle]), sin: g.op("Sin", [angle]) };
      this.#angles.set(key, angles);
    }
    return angles;
  }

  #range(from: Value, to: Value): Value {
    return this.g.op("Range", [from, to, this.g.scalar("int64", 1)]);
  }

  /** [T] → [T, 1] */
  #column(x: Value): Value {
    return this.g.op("Unsqueeze", [x, this.g.constant("int64", [1])]);
  }

  /** [] → [1] */
  #vector(x: Value): Value {
    return this.g.op("Unsqueeze", [x, this.g.constant("int64", [0])]);
  }
}

// What depends on where a token stands: RoPE's angles and the windows' masks. Each is written once and shared by all
// layers that agree on it.
//
// Steps in int64 and float64 stay on the processor, as WebGPU has no kernels for them, and only what comes of them goes to
// the graphics card. So no run waits for the card midway, as it would for numbers that come back.

import { type AttentionLayer, SINK_REACH } from "../model/architecture";
import type { GraphWriter, Value } from "./graphWriter";

/** Added to the score of a token that a query may not see; softmax makes it an exact zero. */
const HIDDEN = -1e30;

/** Where a token that no query sees seems to stand, and how far away one is seen that each of them sees. */
const FUTURE = Number.MAX_SAFE_INTEGER;

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

    // Before the first token stands the row that `stateInputs` gives to a past without any: no query sees it.
    const future = g.scalar("int64", FUTURE);
    const held = g.op("Where", [g.op("GreaterOrEqual", [columns, zero]), columns, future]);
    // The first token has a column of its own only while the past no longer holds it; else it would count twice.
    const ofSink = () => this.#vector(g.op("Where", [g.op("Greater", [oldest, zero]), zero, future]));
    const seen = sink ? g.op("Concat", [ofSink(), held], { attributes: { axis: 0 } }) : held;
    const window = g.scalar("int64", layer.window);
    const reach = sink ? g.op("Where", [g.op("Equal", [seen, zero]), future, window]) : window;

    // distance [T, C]: how far the column's token lies behind the query.
    const distance = g.op("Sub", [this.#column(this.#queries), seen]);
    const visible = g.op("And", [g.op("GreaterOrEqual", [distance, zero]), g.op("LessOrEqual", [distance, reach])]);
    const bias = g.op("Where", [visible, g.scalar("float32", 0), g.scalar("float32", HIDDEN)]);

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

  /** cos and sin [1, T, dims / 2] of position · base^(−2i / dims). */
  #anglesOf(base: number, dims: number, queries: Value, from: string): { readonly cos: Value; readonly sin: Value } {
    const key = `${base} ${dims} ${from}`;
    let angles = this.#angles.get(key);
    if (angles === undefined) {
      const g = this.g;
      const half = dims / 2;
      const frequencies = Array.from({ length: half }, (_, i) => base ** ((-2 * i) / dims));
      // Half a million tokens on, position · frequency in float32 is off by 0.03 of a turn.
      const positions = this.#column(g.cast(queries, "float64"));
      const turns = g.op("Mul", [positions, g.constant("float64", frequencies, [1, half])]);
      const angle = g.op("Unsqueeze", [turns, g.constant("int64", [0])]);
      const of = (f: "Cos" | "Sin") => g.cast(g.op(f, [angle]), "float32");
      angles = { cos: of("Cos"), sin: of("Sin") };
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

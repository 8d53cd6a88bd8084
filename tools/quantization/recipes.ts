// The ways to store a model that are compared, and float32, which all are measured against.

import { float32, nearest4, nearest8, type Rounding, searched4, symmetric4 } from "./roundings";

export interface Recipe {
  /** What is done to the linears, and to the embedding, which is also the head. */
  readonly linears: string;
  readonly head: string;
  /** Whether the layers' linears are calibrated; `roundingOf` then holds for those that are not. */
  readonly isCalibrated?: boolean;
  /** @param name of the linear, such as model.layers.3.mlp_block.down_proj */
  roundingOf(name: string): Rounding;
}

const HEAD = "model.embed_tokens";

export const FLOAT32 = recipe("float32", float32, "float32", float32);

export const RECIPES: readonly Recipe[] = [
  recipe("8 bits, blocks of 32", nearest8(32), "8 bits, 32", nearest8(32)),
  recipe("8 bits, blocks of 128", nearest8(128), "8 bits, 128", nearest8(128)),
  with4("symmetric, 32", symmetric4(32)),
  ...[16, 32, 64, 128].map((size) => with4(`nearest, ${size}`, nearest4(size))),
  ...[16, 32, 64, 128].map((size) => with4(`searched, ${size}`, searched4(size))),
  recipe("searched, 32", searched4(32), "searched, 32", searched4(32)),
  keeping("k and v at 8", /\.(k|v)_proj$/),
  { ...recipe("GPTQ, 32, k and v at 8", nearest8(32), "8 bits, 32", nearest8(32)), isCalibrated: true },
  keeping("attention at 8", /\.[qkvo]_proj$/),
  keeping("down at 8", /\.down_proj$/),
  keeping("gate and up at 8", /\.(gate|up)_proj$/),
];

function with4(name: string, rounding: Rounding): Recipe {
  return recipe(name, rounding, "8 bits, 32", nearest8(32));
}

/** The converter's own, with some linears in 8 bits. */
function keeping(name: string, kept: RegExp): Recipe {
  const { roundingOf, head } = with4("", searched4(32));
  const rounding = (linear: string) => (kept.test(linear) ? nearest8(32) : roundingOf(linear));
  return { linears: `searched, 32, ${name}`, head, roundingOf: rounding };
}

function recipe(linears: string, rounding: Rounding, head: string, ofHead: Rounding): Recipe {
  return { linears, head, roundingOf: (name) => (name === HEAD ? ofHead : rounding) };
}

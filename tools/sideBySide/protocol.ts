// What a contender is asked and what it answers: one JSON object a line, each way, through stdin and stdout.
// A first answer, unasked, says that it is loaded. It ends when stdin ends.

import type { TokenId } from "../../src/engine/model/model";

export type Question =
  /** Read these after nothing. One time, one choice. */
  | { readonly prefill: readonly TokenId[] }
  /** Read these one by one after all before. A time and a choice for each. */
  | { readonly decode: readonly TokenId[] }
  /** Write the newest logits to this file: float32, little-endian, one for each token of the vocabulary. */
  | { readonly writeLogits: string };

export interface Answer {
  /** What each run took, the choice of the likeliest next token included. */
  readonly seconds: readonly number[];
  /** The likeliest token after each run. */
  readonly choices: readonly TokenId[];
}

// What the engine asks of a model. Knows token ids and states; no text, no files, no runtime.

import type { Architecture } from "./architecture";
import type { State } from "./state";

export type TokenId = number;

export interface Model {
  readonly architecture: Architecture;
  /** Absent where nothing is measured. */
  readonly runLengths?: RunLengths | undefined;
  /** The state before the first token. */
  readonly emptyState: State;
  /**
   * Runs `tokens` (at least one) after `state`, which stays as it is.
   * @param logitRows which of the new tokens' logits are wanted, as indices into `tokens`
   * @returns the state after the tokens, and the logits [logitRows.length, vocabSize]
   */
  forward(tokens: readonly TokenId[], state: State, logitRows: readonly number[]): Promise<ForwardResult>;
  /** Gives the memory back. The model is of no use afterwards. */
  dispose(): Promise<void>;
}

/** How many tokens one run should read. Other numbers once they have been measured, so to be asked for again and again. */
export interface RunLengths {
  /** A run cannot be interrupted, so it must be short. */
  readonly chunkTokens: number;
  /** For what nobody types behind, such as a question in the chat: longer runs read a large model faster. */
  readonly longChunkTokens: number;
}

export interface ForwardResult {
  /**
   * Made when it is first read, which may copy what the older state's logs hold: a run whose tokens turn out wrong, as a
   * refused draft's, should not pay for it.
   */
  readonly state: State;
  readonly logits: Float32Array;
}

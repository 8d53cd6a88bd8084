// A model that counts what is asked of it: how much of a prompt was there, was run, and was written.
//
// It counts runs rather than trust a result's figures: a request that is cancelled has no result and yet has run.

import type { Architecture } from "../../engine/architecture";
import type { ForwardResult, Model, TokenId } from "../../engine/model";
import type { State } from "../../engine/state";

export interface Work {
  /** Tokens of the prompt that a saved state held. */
  readonly reused: number;
  /** Tokens of the prompt that were run. */
  readonly replayed: number;
  /** Tokens that were run after the prompt's last. */
  readonly generated: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export const NO_WORK: Work = { reused: 0, replayed: 0, generated: 0, prefillMs: 0, decodeMs: 0 };

export class MeteredModel implements Model {
  readonly architecture: Architecture;
  readonly emptyState: State;
  #work: { -readonly [Key in keyof Work]: Work[Key] } = { ...NO_WORK };
  #hasRun = false;
  /** The prompt ends with the first run whose logits are wanted. */
  #isWriting = false;

  constructor(private readonly inner: Model) {
    this.architecture = inner.architecture;
    this.emptyState = inner.emptyState;
  }

  /** Work since the last call. */
  take(): Work {
    const work = this.#work;
    this.#work = { ...NO_WORK };
    this.#hasRun = false;
    this.#isWriting = false;
    return work;
  }

  async forward(tokens: readonly TokenId[], state: State, logitRows: readonly number[]): Promise<ForwardResult> {
    if (!this.#hasRun) this.#work.reused = state.position;
    this.#hasRun = true;
    const began = performance.now();
    const result = await this.inner.forward(tokens, state, logitRows);
    const tookMs = performance.now() - began;
    if (this.#isWriting) {
      this.#work.generated += tokens.length;
      this.#work.decodeMs += tookMs;
    } else {
      this.#work.replayed += tokens.length;
      this.#work.prefillMs += tookMs;
    }
    if (logitRows.length > 0) this.#isWriting = true;
    return result;
  }

  dispose(): Promise<void> {
    return this.inner.dispose();
  }
}

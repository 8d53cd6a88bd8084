// A model without arithmetic that finds any text likelier after much was read than after little: so the state of a
// repository always helps it.

import type { Architecture } from "../../src/engine/model/architecture";
import type { ForwardResult, TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import { FakeModel } from "./fakeModel";

export class WellReadModel extends FakeModel {
  override readonly architecture: Architecture;

  /** @param muchTokens what a state must have read for text to be likely */
  constructor(
    vocabSize: number,
    private readonly muchTokens: number,
  ) {
    super();
    this.architecture = { ...new FakeModel().architecture, vocabSize };
  }

  override async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]): Promise<ForwardResult> {
    const next = await super.forward(tokens, state, []);
    const { vocabSize } = this.architecture;
    const logits = new Float32Array(rows.length * vocabSize);
    // All alike; or one token that never comes takes nearly all.
    if (state.position < this.muchTokens) for (const row of rows.keys()) logits[row * vocabSize] = 30;
    return { ...next, logits };
  }
}

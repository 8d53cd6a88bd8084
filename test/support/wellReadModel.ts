// A model without arithmetic that finds any text likelier after much was read than after little: so the state of a
// repository always helps it.

import type { Architecture } from "../../src/engine/model/architecture";
import type { KvShape } from "../../src/engine/model/kvLog";
import type { ForwardResult, TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import { FakeModel } from "./fakeModel";

/** What it writes: a token of the bundled model that is text. */
const WORD = 500;

export class WellReadModel extends FakeModel {
  override readonly architecture: Architecture;

  /**
   * @param muchTokens what a state must have read for text to be likely
   * @param shape see FakeModel
   */
  constructor(
    vocabSize: number,
    private readonly muchTokens: number,
    shape?: KvShape,
  ) {
    super(shape);
    this.architecture = { ...new FakeModel().architecture, vocabSize };
  }

  override async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]): Promise<ForwardResult> {
    const next = await super.forward(tokens, state, []);
    const { vocabSize } = this.architecture;
    const logits = new Float32Array(rows.length * vocabSize);
    // All nearly alike; or one word that never comes takes nearly all.
    for (const row of rows.keys()) logits[row * vocabSize + WORD] = state.position < this.muchTokens ? 30 : 0.01;
    return { ...next, logits };
  }
}

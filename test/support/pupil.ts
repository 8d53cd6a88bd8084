// A model without arithmetic that was trained on one example, and has learnt it by heart; it remembers what it was given.

import type { Model, TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import { FakeModel } from "./fakeModel";
import { readingModel } from "./readingModel";

/** The bundled model's tokenizer and what is known of it, as if it had been trained with gaps or without. */
export async function bundledTrained(fillInTheMiddle: boolean) {
  const { tokenizer, about } = await readingModel();
  return { tokenizer, about: { ...about, trained: { ...about.trained, fillInTheMiddle } } };
}

export class Pupil implements Model {
  readonly #inner = new FakeModel();
  readonly emptyState = this.#inner.emptyState;
  readonly architecture;
  readonly seen: TokenId[] = [];
  readonly runs = this.#inner.runs;

  constructor(
    private readonly lesson: readonly TokenId[],
    vocabSize: number,
    /** Of the token that it has learnt; the others have 0. */
    private readonly logit = 10,
  ) {
    this.architecture = { ...this.#inner.architecture, vocabSize };
  }

  async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]) {
    const { state: next } = await this.#inner.forward(tokens, state, []);
    // What comes after the first token whose logits are wanted is a guess: one that is wrong was not given to learn from.
    let right = (rows[0] ?? tokens.length) + 1;
    while (right < tokens.length && tokens[right] === this.lesson[state.position + right]) right++;
    this.seen.splice(state.position, Number.POSITIVE_INFINITY, ...tokens.slice(0, right));
    const { vocabSize } = this.architecture;
    const logits = new Float32Array(rows.length * vocabSize);
    rows.forEach((row, index) => {
      const token = this.lesson[state.position + row + 1];
      if (token !== undefined) logits[index * vocabSize + token] = this.logit;
    });
    return { state: next, logits };
  }

  async dispose(): Promise<void> {}
}

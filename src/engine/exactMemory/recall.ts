// The exact memory's part in one generation: follows the context token by token, mixes what it remembers into the
// model's choice, and drafts what will probably be chosen.

import type { TokenId } from "../model/model";
import { draftFrom } from "./drafting";
import type { ExactMemory } from "./exactMemory";
import { type Match, matchesInTokens } from "./matches";
import { NextToken } from "./mixing";
import { type Prediction, predictFrom } from "./prediction";

export interface RecallOptions {
  /** The repository's tokens. */
  readonly memory?: ExactMemory;
  /**
   * The prompt's tokens. They say what to look for. Drafts draw on them, too, but no choice does: the model sees them, and
   * where it leaves a pattern that they repeat ("x * 2", "x * 3"), it has its reasons. As a source they saved 0.4 % of the bits.
   */
  readonly context: readonly TokenId[];
  /** The live document's tokens after the cursor, when the prompt does not hold them. */
  readonly after?: readonly TokenId[];
  /** The live document's text that is still farther from the cursor. */
  readonly far?: ExactMemory | undefined;
  /** The live document's key: what the memory holds of it is older than the prompt. */
  readonly exclude?: string | undefined;
}

export class Recall {
  readonly #context: TokenId[];
  #drafted: readonly TokenId[] = [];
  #recalled = 0;
  #confirmed = 0;

  constructor(private readonly options: RecallOptions) {
    this.#context = [...options.context];
  }

  /** The likeliest next token under model and memory. */
  pick(logits: Float32Array): TokenId {
    return this.next(logits).likeliest;
  }

  /** The next token under model and memory. */
  next(logits: Float32Array): NextToken {
    return new NextToken(logits, this.predict());
  }

  /** −log2 p(token) as the next token, under model and memory. */
  bits(logits: Float32Array, token: TokenId): number {
    return -Math.log2(this.next(logits).probability(token));
  }

  /** Another one at the same place, to look ahead with. */
  fork(): Recall {
    return new Recall({ ...this.options, context: this.#context });
  }

  /** Appends tokens to the context that are not chosen. */
  follow(tokens: readonly TokenId[]): void {
    this.#context.push(...tokens);
    this.#prediction = undefined;
  }

  /** Appends a chosen token to the context. */
  push(token: TokenId): void {
    if (this.#drafted.length > 0) {
      const agrees = this.#drafted[0] === token;
      if (agrees) this.#confirmed++;
      this.#drafted = agrees ? this.#drafted.slice(1) : [];
    }
    if (this.predict()?.continuations[0]?.token === token) this.#recalled++;
    this.#context.push(token);
    this.#prediction = undefined;
  }

  /** What will probably be chosen next: `max` tokens at most. */
  draft(max: number): readonly TokenId[] {
    const guess = (context: readonly TokenId[]) => this.#predictAfter(context, matchesInTokens(context, context));
    this.#drafted = draftFrom(guess, this.#context, max);
    return this.#drafted;
  }

  /** The tokens that memory knows to come next, the likeliest first. */
  get named(): readonly TokenId[] {
    return this.predict()?.continuations.map(({ token }) => token) ?? [];
  }

  /** What memory says of the next token. */
  predict(): Prediction | undefined {
    this.#prediction ??= { of: this.#predictAfter(this.#context) };
    return this.#prediction.of;
  }
  #prediction: { readonly of: Prediction | undefined } | undefined;

  /** Chosen tokens that memory named first, and drafted tokens that were chosen. */
  get counts(): { readonly recalled: number; readonly drafted: number } {
    return { recalled: this.#recalled, drafted: this.#confirmed };
  }

  #predictAfter(context: readonly TokenId[], inPrompt: readonly Match[] = []): Prediction | undefined {
    const { memory, after, far, exclude } = this.options;
    const repository = memory?.matches(context, exclude) ?? [];
    const near = after === undefined ? [] : matchesInTokens(after, context);
    return predictFrom(repository, [...near, ...(far?.matches(context) ?? []), ...inPrompt]);
  }
}

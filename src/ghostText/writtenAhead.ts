// What is written while the user looks at a suggestion, for the time after all of it is accepted.

import type { CompleteParams } from "../protocol/engine";
import { lineBefore } from "../text/lines";
import { askGate } from "./completionGate";
import type { CompletionQuestion } from "./completionQuestion";
import type { FollowedCompletion, Suggestion } from "./followedCompletion";
import type { Generation } from "./generation";

/** What the engine is asked for, and the text before the cursor in its line. */
export interface AskedAhead {
  readonly params: CompleteParams;
  readonly lineBefore: string;
}

export class WrittenAhead {
  /** The suggestion that it comes after. */
  #after: FollowedCompletion | undefined;
  /** Absent if nothing is to be written, or if that failed: it is not tried twice. */
  #generation: Generation | undefined;

  isAfter(completion: FollowedCompletion): boolean {
    return this.#after === completion;
  }

  /**
   * What to ask for, and then to `begin`, while `suggestion` of `after` is shown; undefined if that was asked before, or
   * nothing is to be written.
   */
  askAfter(
    after: FollowedCompletion,
    question: CompletionQuestion,
    { text, replacedTail }: Suggestion,
  ): AskedAhead | undefined {
    const { place, selected } = question;
    if (this.isAfter(after) || selected !== undefined || replacedTail > 0) return undefined;
    this.#after = after;
    this.#generation = undefined;
    const before = lineBefore(question.lineBefore + text);
    const gate = askGate({ ...question, trigger: "automatic", lineBefore: before });
    if (gate.type === "skip") return undefined;
    const { extent } = gate;
    const accepted = { offset: place.offset, deleted: 0, text };
    return {
      params: { ...place, trigger: "automatic", isSpeculative: true, extent, selected: accepted },
      lineBefore: before,
    };
  }

  begin(generation: Generation): void {
    this.#generation = generation;
  }

  /** To be told of a generation that has ended without an answer. */
  failed(generation: Generation): void {
    if (this.#generation === generation) this.#generation = undefined;
  }

  /** Hands it over once the suggestion has been accepted. */
  take(): Generation | undefined {
    const generation = this.#generation;
    this.#forget();
    return generation;
  }

  drop(): void {
    this.#generation?.end();
    this.#forget();
  }

  #forget(): void {
    this.#after = undefined;
    this.#generation = undefined;
  }
}

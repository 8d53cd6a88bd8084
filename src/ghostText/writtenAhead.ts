// What is written while the user looks at a suggestion, for the time after all of it is accepted. And where nothing comes after
// it, the next line: it is the slowest to write, and Enter is what comes next.

import type { CompleteParams, DocumentPlace, TextEdit } from "../protocol/engine";
import { indentOf, isBlank, lineBefore } from "../text/lines";
import { askGate } from "./completionGate";
import type { CompletionQuestion } from "./completionQuestion";
import { FollowedCompletion, type Suggestion } from "./followedCompletion";
import type { Generation } from "./generation";

/** What the engine is asked for, and the text before the cursor in its line. */
export interface AskedAhead {
  readonly params: CompleteParams;
  readonly lineBefore: string;
}

/** The next line is then indented as only the editor knows. */
const OPEN_END = /[([{:]\s*$/;

export class WrittenAhead {
  /** The suggestion or the line break that it comes after. */
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
    if (this.isAfter(after) || question.selected !== undefined || replacedTail > 0) return undefined;
    return this.#askAfter(after, question, text);
  }

  /** The same where nothing comes after what was accepted: for when Enter is pressed there. */
  askAfterLineBreak(question: CompletionQuestion): AskedAhead | undefined {
    const { lineBefore: line, lineAfter } = question;
    const isWholeLine = !isBlank(line) && !OPEN_END.test(line) && isBlank(lineAfter);
    if (this.#after !== undefined || !isWholeLine) return undefined;
    const text = `\n${indentOf(line)}`;
    const lineBreak = new FollowedCompletion(question.place);
    lineBreak.finish(text);
    return this.#askAfter(lineBreak, question, text);
  }

  #askAfter(after: FollowedCompletion, question: CompletionQuestion, text: string): AskedAhead | undefined {
    const { place } = question;
    this.drop();
    this.#after = after;
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

  /** Follows an edit in the document where nothing is suggested: where the cursor is if that is the line break. */
  placeAfterLineBreak(version: number, edits: readonly TextEdit[]): DocumentPlace | undefined {
    return this.#after?.apply(version, edits) === "used" ? this.#after.place : undefined;
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

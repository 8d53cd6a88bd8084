// What is written while the user looks at a suggestion, for the time after all of it is accepted. And where nothing comes after
// it, the next line: it is the slowest to write, and Enter is what comes next.

import type { CompleteParams, DocumentPlace, TextEdit } from "../protocol/engine";
import { indentOf, isBlank, lineBefore } from "../text/lines";
import { askGate } from "./completionGate";
import type { CompletionQuestion } from "./completionQuestion";
import { FollowedCompletion, type Suggestion } from "./followedCompletion";
import type { Generation } from "./generation";

/** The next line is then indented as only the editor knows. */
const OPEN_END = /[([{:]\s*$/;

export class WrittenAhead {
  /** The suggestion or the line break that it comes after. */
  #after: FollowedCompletion | undefined;
  /** Absent if nothing is to be written, or if that failed: it is not tried twice. */
  #generation: Generation | undefined;

  /** @param generate asks the engine for something that has `lineBefore` before it in its line */
  constructor(private readonly generate: (params: CompleteParams, lineBefore: string) => Generation) {}

  isAfter(completion: FollowedCompletion): boolean {
    return this.#after === completion;
  }

  /** Has the engine write what comes after `suggestion` of `after`, while that is shown; it is not asked twice. */
  writeAfter(after: FollowedCompletion, question: CompletionQuestion, { text, replacedTail }: Suggestion): void {
    if (this.isAfter(after) || question.selected !== undefined || replacedTail > 0) return;
    this.#writeAfter(after, question, text);
  }

  /** The same where nothing comes after what was accepted: for when Enter is pressed there. */
  writeNextLine(question: CompletionQuestion): void {
    const { lineBefore: line, lineAfter } = question;
    const isWholeLine = !isBlank(line) && !OPEN_END.test(line) && isBlank(lineAfter);
    if (this.#after !== undefined || !isWholeLine) return;
    const text = `\n${indentOf(line)}`;
    const lineBreak = new FollowedCompletion(question.place);
    lineBreak.finish(text);
    this.#writeAfter(lineBreak, question, text);
  }

  /** Follows an edit in the document where nothing is suggested: where the cursor is if that is the line break. */
  placeAfterLineBreak(version: number, edits: readonly TextEdit[]): DocumentPlace | undefined {
    return this.#after?.apply(version, edits) === "used" ? this.#after.place : undefined;
  }

  /** To be told of a generation that has ended without an answer. */
  failed(generation: Generation): void {
    if (this.#generation === generation) this.#generation = undefined;
  }

  /** What was written after `completion`, as soon as that is all; it is not to be had again. */
  takeTextAfter(completion: FollowedCompletion): string | undefined {
    const written = this.isAfter(completion) ? this.#generation?.completion : undefined;
    if (written === undefined || !written.isWhole || written.isNothing) return undefined;
    this.#forget();
    return written.text;
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

  #writeAfter(after: FollowedCompletion, question: CompletionQuestion, text: string): void {
    const { place } = question;
    this.drop();
    this.#after = after;
    const before = lineBefore(question.lineBefore + text);
    const gate = askGate({ ...question, trigger: "automatic", lineBefore: before });
    if (gate.type === "skip") return;
    const { extent } = gate;
    const accepted = { offset: place.offset, deleted: 0, text };
    const params: CompleteParams = { ...place, trigger: "automatic", isSpeculative: true, extent, selected: accepted };
    this.#generation = this.generate(params, before);
  }

  #forget(): void {
    this.#after = undefined;
    this.#generation = undefined;
  }
}

// What was begun with the last key, before VS Code asks because of it: what it is an answer for, and when it is forgotten.
//
// GhostText follows it as it does any generation. It is remembered here as well, because even if nothing came of it, it answers
// its question: so nothing is asked twice.

import type { CompleteResult, Extent } from "../protocol/engine";
import type { Asking } from "./completionGate";
import { type CompletionQuestion, isSamePlace } from "./completionQuestion";
import type { Generation } from "./generation";

export class HeadStart {
  #begun: Generation | undefined;
  /** Whether VS Code has asked since the last head start. As long as it does not, no other one is begun. */
  #isAsking = false;

  get mayBegin(): boolean {
    return this.#isAsking;
  }

  /** To be told when VS Code asks. */
  asked(): void {
    this.#isAsking = true;
  }

  begin(generation: Generation): void {
    this.#isAsking = false;
    this.#begun = generation;
  }

  /**
   * What was begun for just this question, and has not been ended since.
   * @param current what is followed now
   */
  answerFor(
    { place, trigger, selected }: CompletionQuestion,
    { extent }: Asking,
    current: Generation | undefined,
  ): Generation | undefined {
    const begun = this.#begun;
    if (begun === undefined || trigger === "invoke" || selected !== undefined) return undefined;
    // If another one is followed now, this one has come to nothing, and the user has asked since.
    if (current !== undefined && current !== begun) return undefined;
    return isSameExtent(begun.params.extent, extent) && isSamePlace(begun.params, place) ? begun : undefined;
  }

  /** To be told how each generation ended. */
  ended(generation: Generation, { type }: CompleteResult): void {
    // An empty result is an answer, too, and need not be asked for again.
    const isAnswered = type === "success" || type === "empty";
    if (!isAnswered) this.dropped(generation);
  }

  /** To be told of what nobody follows any more. */
  dropped(generation: Generation | undefined): void {
    if (this.#begun === generation) this.#begun = undefined;
  }

  /** To be told when a document is closed. */
  closed(uri: string): void {
    if (this.#begun?.params.uri === uri) this.#begun = undefined;
  }

  /** To be told when the same question may have another answer. */
  forget(): void {
    this.#begun = undefined;
  }
}

function isSameExtent(one: Extent, other: Extent): boolean {
  const limits = Object.keys({ ...one, ...other }) as readonly (keyof Extent)[];
  return limits.every((limit) => one[limit] === other[limit]);
}

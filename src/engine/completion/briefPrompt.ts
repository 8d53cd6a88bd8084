// What is read where somebody waits and the whole prompt would take too long: the lines around the cursor alone. The whole one
// is read while nobody types, and is used from then on.

import type { BaseChoice } from "../base/baseChoice";
import { Sequence } from "../decoding/sequence";
import type { LanguageModel } from "../model/languageModel";
import type { LiveText } from "./liveText";
import { beginsAlike, buildFrame, isSuffixTrue, type PromptFrame } from "./promptFrame";
import { lineStartNear } from "./promptWindow";
import { type Prompt, promptOf } from "./task";

/** UTF-16 units of code that make a token, about. */
const TOKEN_LENGTH = 3;
/**
 * However long they take. Of 176 single lines (test/tasks/span.jsonl), the bundled model writes 41 exactly as expected after some
 * 180 tokens, 54 after 350, and 64 after 900.
 */
const LEAST_TOKENS = 150;
/** Of the text around the cursor, the part that stands after it. */
const SUFFIX_PART = 1 / 5;

export class BriefPrompt {
  readonly sequence: Sequence;
  readonly #suffixLength: number;
  readonly #prefixLength: number;
  #frame: PromptFrame | undefined;

  /** @param tokens how many it may have, about */
  constructor(
    private readonly lm: LanguageModel,
    tokens: number,
  ) {
    this.sequence = new Sequence(lm.model);
    const length = TOKEN_LENGTH * Math.max(LEAST_TOKENS, tokens);
    this.#suffixLength = Math.round(length * SUFFIX_PART);
    this.#prefixLength = Math.round(length - this.#suffixLength);
  }

  async at(live: LiveText, base: BaseChoice): Promise<Prompt> {
    const near = { ...live, prefix: lastLines(live.prefix, this.#prefixLength) };
    const isUsable = (frame: PromptFrame) =>
      frame.base.state === base.state && beginsAlike(frame, near) && isSuffixTrue(frame, near);
    if (this.#frame === undefined || !isUsable(this.#frame)) {
      this.#frame = await buildFrame(this.lm, base, near, [], this.#suffixLength);
    }
    return promptOf(this.lm, this.#frame, near.prefix);
  }
}

/**
 * The last lines of `text`, between three quarters of `length` and all of it, in UTF-16 units. They begin at the same place until
 * so much has been written after it that they would be longer.
 */
export function lastLines(text: string, length: number): string {
  if (text.length <= length) return text;
  const step = Math.floor(length / 4);
  const from = (Math.floor(text.length / step) - 3) * step;
  return text.slice(lineStartNear(text, from, text.length - length / 2));
}

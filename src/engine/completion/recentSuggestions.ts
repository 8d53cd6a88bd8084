// The suggestions that were written last: where the same prompt ends again, what was written there need not be written again.

import { isDeepStrictEqual } from "node:util";
import type { FilterContext } from "../../text/filters";
import { areSame } from "../decoding/sequence";
import type { LikeliestLine } from "./likeliestLine";
import { hasSameBase, type Prompt, type Task } from "./task";
import type { Asked, Written } from "./write";

/**
 * A suggestion with how others could begin. Not the whole task that it was written for: that would keep what the
 * repository offered then alive.
 */
export interface Suggested extends Asked, Pick<LikeliestLine, "written" | "starts"> {
  readonly prompt: Prompt;
  readonly context: FilterContext;
  /** Of the exact memory that had a say in it. */
  readonly epoch: number | undefined;
  /** The same for the memory of the document's far text: undefined as long as there was none. */
  readonly farEpoch: number | undefined;
  /** What was sent to the editor while it was written, if the suggestion then became another line. */
  readonly streamed?: Written;
  /** What else was written, and could stand there, too: on the way to it, and whenever somebody asked for others. */
  readonly besides: readonly Written[];
}

/** The one in sight, the one that is written ahead, and those to which a typing error, Undo or the cursor comes back. */
const KEPT_SUGGESTIONS = 8;

export class RecentSuggestions {
  /**
   * Newest first. About every second one was written ahead. All have the same base, so that no more than one base's state is
   * kept alive.
   */
  #suggested: readonly Suggested[] = [];

  /**
   * What was suggested lately where the same prompt ended. Nothing from before a file was forgotten: it may have that file's
   * words. Nor anything in which far text had a say that has changed since.
   * @param asked how it must have been asked for; absent: in any way, as only the choices that were made are wanted
   */
  find({ context, repository, far, prompt }: Task, asked?: Asked): Suggested | undefined {
    return this.#suggested.find(
      (one) =>
        hasSameBase(one.prompt, prompt) &&
        one.epoch === repository?.memory?.epoch &&
        (one.farEpoch === undefined || one.farEpoch === far?.epoch) &&
        (isWhole(one) || asked?.isAutomatic === true) &&
        // Within a word, the prompt is the same however much of it has been typed: what was cut off must be the same, too.
        isDeepStrictEqual(one.prompt.wanted, prompt.wanted) &&
        (asked === undefined || (asked.maxTokens === one.maxTokens && isDeepStrictEqual(context, one.context))) &&
        // Thousands of them, which mostly differ at the end: so they come last.
        areSame(one.prompt.tokens, prompt.tokens),
    );
  }

  /** Keeps a suggestion, or keeps it longer. */
  keep(suggested: Suggested): void {
    const others = this.#suggested.filter((one) => one !== suggested && hasSameBase(one.prompt, suggested.prompt));
    this.#suggested = [suggested, ...others].slice(0, KEPT_SUGGESTIONS);
  }

  /** Adds what could stand there, too, as long as the suggestion is kept. @returns the suggestion with it */
  addBeside(suggested: Suggested, other: Written): Suggested {
    const added = { ...suggested, besides: [...suggested.besides, other] };
    this.#suggested = this.#suggested.map((one) => (one === suggested ? added : one));
    return added;
  }

  clear(): void {
    this.#suggested = [];
  }
}

/** Whether it was written to its end: one that nobody asked for is given up once its first line is not sure enough. */
function isWhole({ isAutomatic, written }: Suggested): boolean {
  return !isAutomatic || written.isSure;
}

// The suggestions that were written last: where the same prompt ends again, what was written there need not be written again.

import { isDeepStrictEqual } from "node:util";
import type { FilterContext } from "../../text/filters";
import { commonPrefixLength } from "../decoding/sequence";
import type { TokenId } from "../model/model";
import type { FirstLine } from "./firstLine";
import { hasSameBase, type Prompt, type Task } from "./task";
import type { Asked, Written } from "./write";

/**
 * A suggestion with where others could leave it. Not the whole task that it was written for: that would keep what the
 * repository offered then alive.
 */
export interface Suggested extends Asked {
  readonly prompt: Prompt;
  readonly context: FilterContext;
  /** Of the exact memory that had a say in it. */
  readonly epoch: number | undefined;
  readonly firstLine: FirstLine;
  readonly written: Written;
  /** What was told while it was written, where that is another line. */
  readonly streamed?: Written;
  /** What else was written, and could stand there, too: on the way to it, and whenever somebody asked for others. */
  readonly besides: Written[];
}

/** The one in sight, the one that is written ahead, and those to which a typing error, Undo or the cursor comes back. */
const KEPT_SUGGESTIONS = 8;

export class RecentSuggestions {
  /**
   * Newest first: behind nearly every suggestion what comes after it is written, too. All with the same base, whose state they
   * keep alive.
   */
  #suggested: readonly Suggested[] = [];

  /**
   * What was suggested lately at the same prompt's end. Unless a file has been forgotten since, whose words it may have.
   * @param asked what it must have been written for; absent: the choices that were made are enough
   */
  find({ context, repository, prompt }: Task, asked?: Asked): Suggested | undefined {
    return this.#suggested.find(
      (one) =>
        hasSameBase(one.prompt, prompt) &&
        one.epoch === repository?.memory?.epoch &&
        (isWhole(one) || asked?.isUnasked === true) &&
        // What the user has typed of the word since has the same tokens before it.
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

  clear(): void {
    this.#suggested = [];
  }
}

function areSame(one: readonly TokenId[], other: readonly TokenId[]): boolean {
  return one.length === other.length && commonPrefixLength(one, other) === one.length;
}

/** What was refused was not written to its end. */
function isWhole({ isUnasked, written }: Suggested): boolean {
  return !isUnasked || written.isSure;
}

// How much of the text before the cursor goes into a prompt, and where that begins. The beginning is a mark in the text: it is
// kept while the user types, so that the tokens before the cursor stay the same.

import type { Offset } from "../../protocol/engine";
import { fillsInTheMiddle, type LanguageModel } from "../model/languageModel";

/** How much text before the cursor goes into a prompt, in UTF-16 units. */
export interface PromptWindow {
  /** It may grow to this before its beginning moves. */
  readonly longest: number;
  /** And then keeps this: moving rarely lets the states of most keystrokes be reused. */
  readonly shortened: number;
}

/**
 * Some 3.5 units are a token, and RecurrentGemma's attention sees 2,048. The beginning mostly moves at 4,500 units, some 1,300
 * tokens, which leaves room for 600 of snippets. It is the same for a document that gets none: twice as much text would be half a
 * minute more to read at each jump, at 30 tokens a second, in part out of sight of attention, and too long once there are snippets.
 */
const PREFIX_WINDOW: PromptWindow = { longest: 6_000, shortened: 3_000 };
/** In training, the suffix stood no farther from the cursor. */
const GAP_WINDOW: PromptWindow = { longest: 4_000, shortened: 2_000 };

/** With less than this part of the shortened length before the cursor, a prompt says too little. */
const LEAST_PART = 1 / 3;

/** Once the text is this part of the longest, its beginning moves where nobody waits for it. */
const NEARLY_LONGEST = 0.75;

/** How much live text goes into a prompt of this model. */
export function promptWindow(lm: LanguageModel): PromptWindow {
  return fillsInTheMiddle(lm) ? GAP_WINDOW : PREFIX_WINDOW;
}

/** Whether a prompt that begins at `start` has neither too little nor too much text before `offset`. */
export function isWithin({ longest, shortened }: PromptWindow, start: Offset, offset: Offset): boolean {
  const length = offset - start;
  // A cursor that has gone up to the prompt's beginning would have next to nothing before it.
  const isShort = start > 0 && length < shortened * LEAST_PART;
  return !isShort && length <= longest;
}

/**
 * Where the text before `offset` that goes into the prompt begins: at `start`, where it began last, unless it is too long or too
 * short by now. Then it begins at a line's start, or within a huge line.
 */
export function promptStart(text: string, start: Offset, offset: Offset, window: PromptWindow): Offset {
  if (isWithin(window, start, offset)) return start;
  return startNear(text, Math.max(0, offset - window.shortened), window);
}

/**
 * Where the prompt should begin before it becomes too long; undefined while it is short. This stays the same as the user types
 * on: it can be read in several rests.
 */
export function nextStart(text: string, start: Offset, offset: Offset, window: PromptWindow): Offset | undefined {
  const enough = NEARLY_LONGEST * window.longest;
  if (offset - start <= enough) return undefined;
  return startNear(text, start + enough - window.shortened, window);
}

/**
 * The first line start at or after `from`, where a text of the shortened length would begin. Where a huge line follows and the
 * next line would start too late, a place within that line.
 */
function startNear(text: string, from: Offset, { shortened }: PromptWindow): Offset {
  return lineStartNear(text, from, from + shortened * (1 - LEAST_PART));
}

/** The first line start at or after `from`; without one up to `limit`, the first whole character. */
export function lineStartNear(text: string, from: Offset, limit: Offset): Offset {
  if (from === 0) return 0;
  const lineEnd = text.indexOf("\n", from - 1);
  if (lineEnd !== -1 && lineEnd + 1 <= limit) return lineEnd + 1;
  return SECOND_HALF.test(text.charAt(from)) ? from + 1 : from;
}

/** Of a character that takes two UTF-16 units. */
const SECOND_HALF = /[\uDC00-\uDFFF]/;

// From what a model wrote to what is offered: the completion filters, of which the one that stops earliest counts. What they
// leave is closed where it would take the code below for a string or a comment.
//
// The engine calls `stopOffset` while it generates and `finishCompletion` once at the end.
// test/golden/filters shows, case by case, what each filter is for.

import { closeLiteral } from "./filters/closeLiteral";
import { dropCopy } from "./filters/dropCopy";
import { dropOpenString } from "./filters/dropOpenString";
import { dropUnfinishedLine } from "./filters/dropUnfinishedLine";
import type { Filter, FilterContext } from "./filters/filter";
import { stopAtBlockEnd } from "./filters/stopAtBlockEnd";
import { stopAtBrokenText } from "./filters/stopAtBrokenText";
import { stopAtControlText } from "./filters/stopAtControlText";
import { stopAtKnownBracket } from "./filters/stopAtKnownBracket";
import { stopAtLineEnd } from "./filters/stopAtLineEnd";
import { stopAtLiteralEnd } from "./filters/stopAtLiteralEnd";
import { stopAtPathLine } from "./filters/stopAtPathLine";
import { stopAtRepetition } from "./filters/stopAtRepetition";
import { stopAtSuffix } from "./filters/stopAtSuffix";
import { trimBlank } from "./filters/trimBlank";
import { normalizeLineEnds } from "./lines";

export type { FilterContext } from "./filters/filter";

/**
 * How generation ended: by itself; at a limit, in the middle of something; or with a whole word, as the time was up, and what
 * comes next is still to be joined to it.
 */
export type Ending = "whole" | "cut off" | "cut short";

/** Each step judges only by what the steps before it leave: behind that, nothing would have been generated. */
const steps: readonly (readonly Filter[])[] = [
  [stopAtControlText, stopAtPathLine, stopAtBrokenText, stopAtLineEnd, stopAtKnownBracket, stopAtLiteralEnd],
  [stopAtSuffix, stopAtBlockEnd],
  [stopAtRepetition],
];

/** The offset in generated text, with \n line ends, at which generation can end, or undefined while it should go on. */
export function stopOffset(raw: string, context: FilterContext): number | undefined {
  const text = normalizeLineEnds(raw);
  const stop = smallestStop(steps.flat(), text, context, false);
  return stop < text.length ? stop : undefined;
}

/**
 * What to offer of `raw`, with \n line ends, and with what closes the string or comment that the cursor stands in; the empty
 * string when nothing is worth offering.
 */
export function finishCompletion(raw: string, context: FilterContext, ending: Ending = "whole"): string {
  const written = normalizeLineEnds(raw);
  const completion = shortened(written, context, ending);
  return ending === "cut short" ? completion : closeLiteral(completion, written, context);
}

function shortened(written: string, context: FilterContext, ending: Ending): string {
  let completion = ending === "cut off" ? dropUnfinishedLine(written, context) : written;
  // A shorter text may end in something that only its new end gives away, so look again after each cut.
  for (;;) {
    const stopped = stoppedText(completion, context);
    const cut = stopped === completion ? completion : dropOpenString(stopped, context);
    const kept = trimBlank(cut, context);
    if (kept === completion) return dropCopy(completion, context);
    completion = kept;
  }
}

function stoppedText(completion: string, context: FilterContext): string {
  return steps.reduce((text, filters) => text.slice(0, smallestStop(filters, text, context, true)), completion);
}

function smallestStop(filters: readonly Filter[], text: string, context: FilterContext, isFinal: boolean): number {
  return Math.min(...filters.map((filter) => filter(text, context, isFinal) ?? text.length));
}

// From what a model wrote to what is offered: the completion filters, of which the one that stops earliest counts.
//
// The engine calls `stopOffset` while it generates and `finishCompletion` once at the end.
// test/golden/filters shows, case by case, what each filter is for.

import { dropCopy } from "./filters/dropCopy";
import { dropOpenString } from "./filters/dropOpenString";
import { dropUnfinishedLine } from "./filters/dropUnfinishedLine";
import type { Filter, FilterContext } from "./filters/filter";
import { stopAtBlockEnd } from "./filters/stopAtBlockEnd";
import { stopAtBrokenText } from "./filters/stopAtBrokenText";
import { stopAtControlText } from "./filters/stopAtControlText";
import { stopAtKnownBracket } from "./filters/stopAtKnownBracket";
import { stopAtLineEnd } from "./filters/stopAtLineEnd";
import { stopAtRepetition } from "./filters/stopAtRepetition";
import { stopAtSuffix } from "./filters/stopAtSuffix";
import { trimBlank } from "./filters/trimBlank";
import { normalizeLineEnds } from "./lines";

export type { FilterContext } from "./filters/filter";

const filters: readonly Filter[] = [
  stopAtControlText,
  stopAtBrokenText,
  stopAtLineEnd,
  stopAtSuffix,
  stopAtKnownBracket,
  stopAtBlockEnd,
  stopAtRepetition,
];

/** The offset in generated text at which generation can end, or undefined while it should go on. */
export function stopOffset(text: string, context: FilterContext): number | undefined {
  return smallestStop(text, context, false);
}

/**
 * What to offer of `raw`, with \n line ends; the empty string when nothing is worth offering.
 * `isCutOff` tells that generation ended at the token limit, in the middle of something.
 */
export function finishCompletion(raw: string, context: FilterContext, isCutOff = false): string {
  let completion = isCutOff ? dropUnfinishedLine(raw, context) : raw;
  // A shorter text may end in something that only its new end gives away, so look again after each cut.
  for (;;) {
    const stop = smallestStop(completion, context, true);
    const cut = stop === undefined ? completion : dropOpenString(completion.slice(0, stop), context);
    const kept = trimBlank(cut, context);
    if (kept === completion) return normalizeLineEnds(dropCopy(completion, context));
    completion = kept;
  }
}

function smallestStop(text: string, context: FilterContext, isFinal: boolean): number | undefined {
  let smallest: number | undefined;
  for (const filter of filters) {
    const stop = filter(text, context, isFinal);
    if (stop !== undefined && (smallest === undefined || stop < smallest)) smallest = stop;
  }
  return smallest !== undefined && smallest < text.length ? smallest : undefined;
}

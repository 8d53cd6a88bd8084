import { isBlank, type Line, lineAfter, lineBefore, lineBelow, splitLines, wholeLine } from "../lines";
import type { Filter, FilterContext } from "./filter";

/** A cut-off last line counts as the beginning of the next line only when this much of it agrees. */
const MIN_PARTIAL_LENGTH = 8;
/** Shorter rests of a line, such as `;`, turn up in the middle of a completion by chance. */
const MIN_TAIL_LENGTH = 3;

/** Cuts where the completion begins to repeat the text after the cursor. */
export const stopAtSuffix: Filter = (text, context, isFinal) => {
  return stopAtTail(text, context, isFinal) ?? stopAtLineBelow(text, context, isFinal);
};

/** The rest of the cursor's line: `total = |, 0)` does not need `sum, 0)` but `sum`. */
function stopAtTail(text: string, { suffix }: FilterContext, isFinal: boolean): number | undefined {
  const tail = lineAfter(suffix);
  if (isBlank(tail)) return undefined;
  const line = splitLines(text)[0]!;
  if (tail.trim().length >= MIN_TAIL_LENGTH && /\w/.test(tail)) {
    const stop = line.text.indexOf(tail);
    if (stop >= 0 && isWholeWord(line, stop + tail.length, isFinal)) return stop;
  }
  // Of a bracket or quote, stopAtKnownBracket knows whether the completion has opened it itself.
  if (/^[)\]}"'`]/.test(tail)) return undefined;
  const generated = line.text.trimEnd();
  if ((line.isComplete || isFinal) && generated.endsWith(tail)) return generated.length - tail.length;
  return undefined;
}

/** Whether no word goes on at `end`: "ass" is not the rest of a line that has "assert" there. */
function isWholeWord({ text, isComplete }: Line, end: number, isFinal: boolean): boolean {
  if (!/\w/.test(text[end - 1]!)) return true;
  return end < text.length ? !/\w/.test(text[end]!) : isComplete || isFinal;
}

/** The next line that is not blank, wherever the completion comes to it, indentation included. */
function stopAtLineBelow(text: string, { prefix, suffix }: FilterContext, isFinal: boolean): number | undefined {
  const below = lineBelow(suffix);
  if (below === undefined) return undefined;
  const before = lineBefore(prefix);
  for (const line of splitLines(text)) {
    const whole = wholeLine(line, prefix).trimEnd();
    if (isBlank(whole)) continue;
    const isKnown = line.isComplete || isFinal;
    // What goes on with the cursor's line may well be the beginning of the next one: `f(a)` above `f(a).g()`.
    const isNew = line.start > 0 || isBlank(before);
    const isLong = whole.trim().length >= MIN_PARTIAL_LENGTH;
    const isCutOff = isFinal && !line.isComplete && isNew && isLong && below.startsWith(whole);
    if (isKnown && (whole === below || isCutOff)) return Math.max(0, line.start - 1);
  }
  return undefined;
}

import { isBlank, type Line, lineAfter, lineBefore, linesBelow, splitLines, wholeLine } from "../lines";
import type { Filter, FilterContext } from "./filter";
import { Nesting } from "./nesting";

/** A cut-off last line counts as the beginning of the next line only when this much of it agrees. */
const MIN_PARTIAL_LENGTH = 8;
/** Shorter rests of a line, such as `;`, turn up in the middle of a completion by chance. */
const MIN_TAIL_LENGTH = 3;

/** Cuts where the completion begins to repeat the text after the cursor. */
export const stopAtSuffix: Filter = (text, context, isFinal) => {
  return stopAtTail(text, context, isFinal) ?? stopAtLineBelow(text, context, isFinal);
};

/** The rest of the cursor's line: `total = |, 0)` does not need `sum, 0)` but `sum`. */
function stopAtTail(text: string, { prefix, suffix }: FilterContext, isFinal: boolean): number | undefined {
  const tail = lineAfter(suffix);
  if (isBlank(tail)) return undefined;
  const line = splitLines(text)[0]!;
  if (tail.trim().length >= MIN_TAIL_LENGTH && /\w/.test(tail)) {
    for (let stop = line.text.indexOf(tail); stop !== -1; stop = line.text.indexOf(tail, stop + 1)) {
      if (isWholeWord(line, stop + tail.length, isFinal) && !isInOwnBracket(line.text.slice(0, stop), prefix))
        return stop;
    }
  }
  // Of a bracket or quote, stopAtKnownBracket knows whether the completion has opened it itself.
  if (/^[)\]}"'`]/.test(tail)) return undefined;
  const generated = line.text.trimEnd();
  if ((line.isComplete || isFinal) && generated.endsWith(tail)) return generated.length - tail.length;
  return undefined;
}

/** Whether `text`, behind `prefix`, ends in a bracket that it has opened itself. */
function isInOwnBracket(text: string, prefix: string): boolean {
  const cursorLine = lineBefore(prefix);
  return Nesting.of(cursorLine + text).hasBracketFrom(Nesting.of(cursorLine).depth);
}

/** Whether no word goes on at `end`: "ass" is not the rest of a line that has "assert" there. */
function isWholeWord({ text, isComplete }: Line, end: number, isFinal: boolean): boolean {
  if (!/\w/.test(text[end - 1]!)) return true;
  return end < text.length ? !/\w/.test(text[end]!) : isComplete || isFinal;
}

/** Lines that may head several things: a decorator, an attribute, an opening bracket or tag, a doc comment, a fence. */
const SHARED_HEAD =
  /^\s*(?:@[\w.:]+(?:\(.*\))?|#!?\[.*\]|\[{1,2}[A-Za-z].*\]|[([{]+|<[\w.:-]*(?:\s[^<>]*)?(?<!\/)>?|\/\*\*|\/\/\/.*|(?:```|~~~)\w.*)$/;

/**
 * The next line that is not blank, wherever the completion comes to it, indentation included. A sibling of what stands below
 * may begin as that does, so a line that heads either counts together with those behind it.
 */
function stopAtLineBelow(text: string, { prefix, suffix }: FilterContext, isFinal: boolean): number | undefined {
  const below = headBelow(suffix);
  if (below.length === 0) return undefined;
  const isInLine = !isBlank(lineBefore(prefix));
  const lines = splitLines(text).filter((line) => !isBlank(wholeLine(line, prefix)));
  for (const [index, { start }] of lines.entries()) {
    const isSaid = below.every((known, ahead) => {
      const line = lines[index + ahead];
      // What is not written yet may differ; what has ended does not any more.
      if (line === undefined) return isFinal;
      const whole = wholeLine(line, prefix).trimEnd();
      if ((line.isComplete || isFinal) && whole === known) return true;
      // What goes on with the cursor's line may well be the beginning of the next one: `f(a)` above `f(a).g()`.
      const isEnough = ahead > 0 || whole.trim().length >= MIN_PARTIAL_LENGTH;
      const isNew = line.start > 0 || !isInLine;
      return isFinal && !line.isComplete && isNew && isEnough && known.startsWith(whole);
    });
    if (isSaid && !closesOwnElement(below[0]!, text.slice(0, start))) return Math.max(0, start - 1);
  }
  return undefined;
}

/** Whether the line closes an element that `text` has opened: where nothing is indented, it may look like the next line. */
function closesOwnElement(line: string, text: string): boolean {
  const name = /^\s*<\/([\w.:-]+)>$/.exec(line)?.[1];
  if (name === undefined) return false;
  const tags = text.match(new RegExp(`</?${name}(?![\\w.:-])(?:[^<>]*/>)?`, "g")) ?? [];
  let depth = 0;
  for (const tag of tags) {
    if (tag.startsWith("</")) depth = Math.max(0, depth - 1);
    else if (!tag.endsWith("/>")) depth++;
  }
  return depth > 0;
}

/** The next lines that are not blank: one, and as many more as it takes to tell what they head. */
function headBelow(suffix: string): string[] {
  const below: string[] = [];
  for (const line of linesBelow(suffix)) {
    below.push(line);
    if (!SHARED_HEAD.test(line)) break;
  }
  return below;
}

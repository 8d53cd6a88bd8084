import { contentStart, indentWidth, isBlank, type Line, splitLines, wholeLine } from "../lines";
import { literalsAtCursor } from "./atCursor";
import type { FilterContext } from "./filter";
import { firstRepeated } from "./firstRepeated";
import { openLiteral } from "./openLiteral";

/** Behind such a line, a brace on the next one begins an object or a block of its own. */
const ENDS_BEFORE_BRACE = /[,;[({}]\s*$/;

/**
 * A line that the token limit has cut off is half a thought, and so is what it leaves open: nobody closes that before the code
 * below. Alone they are still better than nothing.
 */
export function dropUnfinishedLine(completion: string, context: FilterContext): string {
  const lines = splitLines(completion);
  const whole = firstRepeated(lines) ?? lines.length - 1;
  for (let count = whole; count > 0; count--) {
    if (isFinished(completion, lines, count, context)) return completion.slice(0, contentStart(lines[count]!));
  }
  const isAlone = lines.slice(0, whole).every(({ text }) => isBlank(text));
  if (isAlone) return openLiteral(context) === undefined ? completion : wholeWords(completion);
  return completion.slice(0, contentStart(lines[whole]!));
}

/** The sentences of a text that are written to their ends; without one, the words. */
function wholeWords(text: string): string {
  return /^[\s\S]*[.!?](?=\s+\W?[A-Z])/.exec(text)?.[0] ?? /^[\s\S]*\S(?=\s+\S*$)/.exec(text)?.[0] ?? text;
}

/** Whether the first `count` lines can do without those that follow. */
function isFinished(
  completion: string,
  lines: readonly Line[],
  count: number,
  { prefix, suffix }: FilterContext,
): boolean {
  const [last, next] = [lines[count - 1]!, lines[count]!];
  if (isBlank(last.text)) return false;
  // At a file's end the next completion goes on with a block.
  const hasCodeBelow = !isBlank(suffix);
  const indent = indentWidth(wholeLine(last, prefix));
  const hasBrace = next.text.trimStart().startsWith("{") && !ENDS_BEFORE_BRACE.test(last.text);
  const isHead = hasBrace || (hasCodeBelow && indentWidth(next.text) > indent);
  return !isHead && !leavesOpen(completion.slice(0, next.start), prefix, hasCodeBelow);
}

/** Whether `text`, behind `prefix`, opens what it does not close: a bracket, a comment or a string of several lines. */
function leavesOpen(text: string, prefix: string, countsBlocks: boolean): boolean {
  let from = 0;
  let code = "";
  for (const { start, end, isClosed } of literalsAtCursor(text, prefix)) {
    if (end <= from) continue;
    if (start >= from && !isClosed) return true;
    code += text.slice(from, Math.max(from, start));
    from = end;
  }
  code += text.slice(from);
  let round = 0;
  let curly = 0;
  for (const character of code) {
    if (character === "(" || character === "[") round++;
    else if (character === ")" || character === "]") round = Math.max(0, round - 1);
    else if (character === "{") curly++;
    else if (character === "}") curly = Math.max(0, curly - 1);
  }
  return round > 0 || (countsBlocks && curly > 0);
}

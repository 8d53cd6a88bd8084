import { contentStart, isBlank, type Line, lineAbove, lineBefore, splitLines, wholeLine } from "../lines";
import type { Filter, FilterContext } from "./filter";
import { Nesting } from "./nesting";

/** Lines that come this often in a row, alone or in groups, are a model's loop and not the user's code. */
const MAX_REPEATS = 3;
const MAX_GROUP_LINES = 4;
/** Inside a line: a piece of at most `MAX_PERIOD` characters that fills this much of it. */
const MAX_PERIOD = 24;
const MIN_RUN_LENGTH = 48;
const MIN_RUN_REPEATS = 6;
/** Rulers such as `// ------` are long on purpose. */
const MIN_RULER_LENGTH = 120;
/** A shorter line, such as `}` or `0,`, may well come again. */
const MIN_COPY_LENGTH = 6;

/** Cuts loops: after the first of several equal groups of lines, and after the first of many equal pieces of a line. */
export const stopAtRepetition: Filter = (text, context, isFinal) => {
  const lines = splitLines(text);
  const stops = [
    stopAtCopy(lines, context, isFinal),
    stopAtRepeatedLines(lines, context, isFinal),
    stopAtRun(lines, context),
  ];
  const smallest = Math.min(...stops.map((stop) => stop ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(smallest) ? smallest : undefined;
};

/** A new line that only says again what the line above it says. */
function stopAtCopy(lines: Line[], { prefix }: FilterContext, isFinal: boolean): number | undefined {
  const first = lines[0]!;
  const above = lineAbove(prefix)?.trim() ?? "";
  if (!isBlank(lineBefore(prefix)) || !isSubstantial(above)) return undefined;
  return (first.isComplete || isFinal) && first.text.trim() === above ? 0 : undefined;
}

/** Whether nobody writes such a line twice without a reason. */
export function isSubstantial(line: string): boolean {
  return line.trim().length >= MIN_COPY_LENGTH && /\w/.test(line);
}

function stopAtRepeatedLines(lines: Line[], { prefix }: FilterContext, isFinal: boolean): number | undefined {
  const known = lines.filter((line) => (line.isComplete || isFinal) && !isBlank(line.text));
  const texts = known.map((line) => wholeLine(line, prefix).trimEnd());
  const shapes = texts.map(shapeOf);
  for (let end = MAX_REPEATS; end <= shapes.length; end++) {
    for (let group = 1; group <= MAX_GROUP_LINES && group * MAX_REPEATS <= end; group++) {
      const start = end - group * MAX_REPEATS;
      let isRepeated = true;
      for (let i = start + group; i < end && isRepeated; i++) isRepeated = shapes[i] === shapes[i - group];
      isRepeated &&= countsUp(texts.slice(start, end), group);
      // With the line break, which trimBlank takes away where no bracket is to stand behind it.
      if (isRepeated) return contentStart(known[start + group]!);
    }
  }
  return undefined;
}

/** A piece of a name that is said again at once: short ones are in words such as "assess", long ones are data. */
const REPEATED_PIECE = /([a-z]{3,24})(?:[_-]?\1)+/gi;

/** Lines that only count up, as in `f(1)`, `f(2)`, `f(3)`, or whose names grow, say no more than equal ones. */
function shapeOf(line: string): string {
  return /[A-Za-z_]/.test(line) ? line.replace(/\d+/g, "0").replace(REPEATED_PIECE, "$1") : line;
}

/** Whether the numbers in each line grow as they did from group to group before; those of data do not. */
function countsUp(lines: readonly string[], group: number): boolean {
  const steps = lines.slice(group).map((line, i) => stepsBetween(numbersOf(lines[i]!), numbersOf(line)));
  return steps.slice(group).every((step, i) => step === steps[i]);
}

function stepsBetween(before: readonly string[], after: readonly string[]): string {
  const isLonger = (digits: string, than: string) => digits !== than && digits.startsWith(than);
  return after
    .map((digits, i) => (isLonger(digits, before[i]!) ? "longer" : Number(digits) - Number(before[i])))
    .join();
}

function numbersOf(line: string): string[] {
  return line.match(/\d+/g) ?? [];
}

/** Half a line is better than nothing, but not better than the whole lines above it. */
function stopAtRun(lines: Line[], context: FilterContext): number | undefined {
  let hasWholeLine = false;
  for (const line of lines) {
    const begin = contentStart(line);
    const piece = firstPiece(line.text.slice(begin - line.start));
    if (piece !== undefined) {
      const kept = { ...line, text: line.text.slice(0, begin - line.start + piece.end) };
      return hasWholeLine || isFragment(kept, piece.length, context) ? begin : begin + piece.end;
    }
    hasWholeLine ||= !isBlank(line.text);
  }
  return undefined;
}

/** Whether a line that ends with the first of many equal pieces opens what nobody closes, or has had that piece before the cursor. */
function isFragment(line: Line, pieceLength: number, { prefix }: FilterContext): boolean {
  const whole = wholeLine(line, prefix);
  const piece = whole.slice(-pieceLength);
  return Nesting.of(line.text).depth > 0 || whole.slice(0, -pieceLength).endsWith(piece);
}

/** The first of many equal pieces, at the earliest run of them: where it ends, and how long it is. */
function firstPiece(line: string): { readonly end: number; readonly length: number } | undefined {
  const runs = new Array<number>(MAX_PERIOD + 1).fill(0);
  for (let i = 1; i < line.length; i++) {
    for (let period = 1; period <= Math.min(MAX_PERIOD, i); period++) {
      runs[period] = line[i] === line[i - period] ? runs[period]! + 1 : 0;
      const length = runs[period]! + period;
      const needed = period === 1 ? MIN_RULER_LENGTH : Math.max(MIN_RUN_LENGTH, period * MIN_RUN_REPEATS);
      // A ruler has every period, so only the shortest one of a run may speak.
      if (length >= needed && !(period > 1 && runs[1]! > period))
        return { end: i + 1 - length + period, length: period };
    }
  }
  return undefined;
}

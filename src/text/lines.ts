// Questions about lines. Line ends are \n; a \r before one counts as trailing blank space.

/** Columns that a tab advances to a multiple of. Only comparisons of indentation depend on it. */
const TAB_SIZE = 4;

export interface Line {
  /** Offset of the line's first character. */
  readonly start: number;
  /** The line without its line end. */
  readonly text: string;
  /** True when a line end follows, so that nothing can be added to the line any more. */
  readonly isComplete: boolean;
}

/** The same text with \n line ends, whatever they were. */
export function normalizeLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (;;) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    lines.push({ start, text: text.slice(start, end), isComplete: true });
    start = end + 1;
  }
  lines.push({ start, text: text.slice(start), isComplete: false });
  return lines;
}

export function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** Offset of what follows the line's leading blank space. A text that is cut there keeps the line break before it. */
export function contentStart({ start, text }: Line): number {
  return start + text.length - text.trimStart().length;
}

/** How many lines end in the text between two offsets. */
export function lineBreaks(text: string, from = 0, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Without the blank space that all lines begin with, but for blank ones. */
export function dedent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => !isBlank(line)).map((line) => indentOf(line).length);
  const common = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(common));
}

export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)![0];
}

/** Width of the line's leading blank space, in columns. */
export function indentWidth(line: string): number {
  let width = 0;
  for (const character of line) {
    if (character === " ") width++;
    else if (character === "\t") width += TAB_SIZE - (width % TAB_SIZE);
    else break;
  }
  return width;
}

/** What stands on the cursor's line before the cursor. */
export function lineBefore(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf("\n") + 1);
}

/** A line of the text behind `prefix` as it will stand: the first one goes on with the cursor's line. */
export function wholeLine({ start, text }: Line, prefix: string): string {
  return start === 0 ? lineBefore(prefix) + text : text;
}

/** Longer ones are data; looked for in all of a line, a word takes time that grows with the square of its length. */
const LONGEST_WORD = 200;
const WORD_AT_END = /[\p{L}\p{N}_$]+$/u;

/** The word, or what has been written of it, that the text ends with; empty when it ends with something else. */
export function wordAtEnd(text: string): string {
  return WORD_AT_END.exec(text.slice(-LONGEST_WORD))?.[0] ?? "";
}

/** What stands on the cursor's line after the cursor, without trailing blanks. */
export function lineAfter(suffix: string): string {
  const end = suffix.indexOf("\n");
  return (end < 0 ? suffix : suffix.slice(0, end)).trimEnd();
}

/** The nearest line above the cursor's that is not blank, without trailing blanks. */
export function lineAbove(prefix: string): string | undefined {
  let end = prefix.lastIndexOf("\n");
  while (end > 0) {
    const start = prefix.lastIndexOf("\n", end - 1) + 1;
    const line = prefix.slice(start, end).trimEnd();
    if (line !== "") return line;
    end = start - 1;
  }
  return undefined;
}

/** The nearest line below the cursor's that is not blank, without trailing blanks. */
export function lineBelow(suffix: string): string | undefined {
  const [line] = linesBelow(suffix);
  return line;
}

/** All lines below the cursor's that are not blank, from the nearest one on, without trailing blanks. */
export function* linesBelow(suffix: string): Generator<string> {
  let start = suffix.indexOf("\n") + 1;
  while (start > 0) {
    const end = suffix.indexOf("\n", start);
    const line = (end < 0 ? suffix.slice(start) : suffix.slice(start, end)).trimEnd();
    if (line !== "") yield line;
    start = end + 1;
  }
}

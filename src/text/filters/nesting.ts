// Which brackets and quotes are open, from character to character, as far as languages agree on them.

import { lineBefore } from "../lines";

const CLOSER_OF: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const CLOSERS = new Set(Object.values(CLOSER_OF));
const QUOTES = new Set(['"', "'", "`"]);
/** What begins code in a string, by its quote. */
const CODE_IN: Readonly<Record<string, string>> = { "`": "${", '"': "$(" };

export class Nesting {
  /** The innermost last. */
  private readonly open: string[] = [];
  private isEscaped = false;

  /** The nesting at the end of `text`. */
  static of(text: string): Nesting {
    const nesting = new Nesting();
    for (let at = 0; at < text.length; at++) nesting.read(text, at);
    return nesting;
  }

  get depth(): number {
    return this.open.length;
  }

  /** What closes the string that the next character stands in; undefined in code. */
  get quote(): string | undefined {
    const innermost = this.open.at(-1);
    return innermost !== undefined && QUOTES.has(innermost) ? innermost : undefined;
  }

  /** Whether a bracket is open within the outermost `depth` brackets and quotes. */
  hasBracketFrom(depth: number): boolean {
    return this.open.slice(depth).some(isOpener);
  }

  /** Whether `character`, read next, means what it says. */
  takes(character: string): boolean {
    return !this.isEscaped && character !== "\\";
  }

  /** Reads the character at `at`; `text` has all those before it, too. */
  read(text: string, at: number): void {
    const character = text[at]!;
    const { quote } = this;
    if (!this.takes(character)) this.isEscaped = !this.isEscaped;
    else if (character === "\n") {
      // Most likely an apostrophe: only strings in backticks go over the line's end.
      if (quote !== undefined && quote !== "`") this.open.pop();
    } else if (quote !== undefined) {
      if (character === quote) this.open.pop();
      else if (CODE_IN[quote] === text.slice(at - 1, at + 1)) this.open.push(character);
    } else if (isOpener(character) || (QUOTES.has(character) && !isApostrophe(text, at))) this.open.push(character);
    else if (isCloser(character)) this.open.pop();
  }
}

export function isOpener(character: string): boolean {
  return character in CLOSER_OF;
}

export function isCloser(character: string): boolean {
  return CLOSERS.has(character);
}

/** How far before a quote what it means is looked for: longer lines are data, and may be full of quotes. */
const LOOK_BACK = 200;
/** Letters that belong to the string behind them. */
const STRING_PREFIX = /(?<!\w)(?:[bfru]{1,2}|l|u8)$/i;
const LIFETIME = /[<&]'\w+(?!['\w])/;

/** Whether the quote at `at` opens nothing: in a word such as "don't", a lifetime in Rust, or before a list in Lisp. */
function isApostrophe(text: string, at: number): boolean {
  if (text[at] !== "'") return false;
  const before = lineBefore(text.slice(Math.max(0, at - LOOK_BACK), at));
  const behind = text.slice(at + 1, at + 40);
  if (/\w$/.test(before) && !STRING_PREFIX.test(before)) return true;
  if (/^\w+(?!['\w])/.test(behind) && (/[<&]$/.test(before) || LIFETIME.test(before))) return true;
  // A line's first bracket, and not one in the midst of a longer line.
  const isLineInLisp = before.length < LOOK_BACK && /^\s*\(.*[\s(]$/.test(before);
  return isLineInLisp && /^\((?!')/.test(behind);
}

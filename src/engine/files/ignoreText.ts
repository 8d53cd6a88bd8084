// The content of one ignore file, and how long it is before anybody takes the time and the memory to parse it.

import { toByteText } from "./byteText";
import { composedBytes } from "./composedName";
import { IgnorePatterns } from "./ignorePatterns";

/** Whether letters' case does not count in patterns: as git does on this system. */
export function ignoresCase(): boolean {
  return process.platform === "win32" || process.platform === "darwin";
}

/**
 * The size of all patterns that hold for a folder, as IgnoreText counts them: about 10,000 lines. Each name is held against
 * all of them, and what is made of them takes up to a hundred times their size, so an untrusted repository's may not be of any length.
 */
export const MAX_PATTERN_BYTES = 256 * 1024;

export class IgnoreText {
  /** Without what its comments say: patterns keep the text that they are part of. */
  readonly #text: string;
  #patterns: IgnorePatterns | undefined;

  /** @param text bytes, one to a character */
  constructor(
    text: string,
    private readonly ignoreCase: boolean,
  ) {
    this.#text = text.replace(COMMENTS, "");
  }

  static ofLines(lines: readonly string[], ignoreCase: boolean): IgnoreText {
    return new IgnoreText(toByteText(lines.join("\n")), ignoreCase);
  }

  get bytes(): number {
    return this.#text.length;
  }

  get patterns(): IgnorePatterns {
    this.#patterns ??= IgnorePatterns.parse(composedBytes(this.#text), this.ignoreCase);
    return this.#patterns;
  }
}

/** At the start of lines as the parser parts them: with the flag `m`, one would also begin after a \r. */
const COMMENTS = /(?<![^\n])#[^\n]*/g;

// The lines of one ignore file, as git reads them (gitignore(5)): which of them says the last word on a path; and how long they
// are, before anybody takes the time and the memory to parse them.
// Paths are relative to the file's own folder. Knows no other file, no disk, and not what lies below a folder:
// that an excluded folder takes everything below with it is for the caller, who comes down from above.

import { toByteText } from "./byteText";
import { composedBytes } from "./composedName";
import { Wildcard } from "./wildcard";

/** Whether letters' case counts neither in names nor in patterns, as is usual on this system: for its disks, and for git. */
export function ignoresCase(): boolean {
  return process.platform === "win32" || process.platform === "darwin";
}

/**
 * The size of all patterns that hold for a folder: about 10,000 lines. Each name is held against all of them, and what is made of
 * them takes up to a hundred times their size, so an untrusted repository's may not be of any length.
 */
const MAX_PATTERN_BYTES = 256 * 1024;

/** Of these, the size of those that are held against a name byte by byte: a long name takes up to a fifth of a second then. */
const MAX_WILD_BYTES = 32 * 1024;

/** Nothing is parsed for it. */
export function areTooLong(all: readonly IgnorePatterns[]): boolean {
  const sum = (sizeOf: (one: IgnorePatterns) => number) => all.reduce((total, one) => total + sizeOf(one), 0);
  return sum((one) => one.bytes) > MAX_PATTERN_BYTES || sum((one) => one.wildBytes) > MAX_WILD_BYTES;
}

interface IgnorePattern {
  /** False for a line with `!`: the path is let in again. */
  readonly excludes: boolean;
  readonly foldersOnly: boolean;
  readonly matches: (path: string, name: string) => boolean;
}

export class IgnorePatterns {
  /** Without what its comments say: patterns keep the text that they are part of. */
  readonly #text: string;
  #parsed: readonly IgnorePattern[] | undefined;
  #wildBytes: number | undefined;

  /** @param text bytes, one to a character */
  constructor(
    text: string,
    private readonly ignoreCase: boolean,
  ) {
    this.#text = text.replace(BYTE_ORDER_MARK, "").replace(COMMENTS, "");
  }

  static ofLines(lines: readonly string[], ignoreCase: boolean): IgnorePatterns {
    return new IgnorePatterns(toByteText(lines.join("\n")), ignoreCase);
  }

  /** Of the text; nothing is parsed for it. */
  get bytes(): number {
    return this.#text.length;
  }

  /** As far as it is more than names and endings, which cost next to nothing. */
  get wildBytes(): number {
    const wild = () => this.#text.split("\n").filter((line) => WILD.test(line) && !ENDING.test(line));
    this.#wildBytes ??= wild().reduce((sum, line) => sum + line.length, 0);
    return this.#wildBytes;
  }

  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  /**
   * The last line that matches: later lines win.
   * @param path relative to the file's folder, bytes
   * @param name the path's last part
   */
  lastMatch(path: string, name: string, isFolder: boolean): IgnorePattern | undefined {
    for (let index = this.#patterns.length - 1; index >= 0; index--) {
      const pattern = this.#patterns[index]!;
      if (pattern.foldersOnly && !isFolder) continue;
      if (pattern.matches(path, name)) return pattern;
    }
    return undefined;
  }

  get #patterns(): readonly IgnorePattern[] {
    this.#parsed ??= composedBytes(this.#text)
      .split("\n")
      .map((line) => parseLine(line, this.ignoreCase))
      .filter((pattern) => pattern !== undefined);
    return this.#parsed;
  }
}

/** At the start of lines as the parser parts them: with the flag `m`, one would also begin after a \r. */
const COMMENTS = /(?<![^\n])#[^\n]*/g;

/** UTF-8's mark, as bytes. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

const WILD = /[*?[\\]/;

/** `*.log`, as nameMatcher takes it. */
const ENDING = /^!?\*[^*?[\\/]*\/?\r?$/;

function parseLine(line: string, ignoreCase: boolean): IgnorePattern | undefined {
  // Git reads a line as a C string.
  const written = trimTrailingSpaces(line.replace(/\r$/, "").split("\0", 1)[0]!);
  const excludes = !written.startsWith("!");
  const signless = excludes ? written : written.slice(1);
  const foldersOnly = signless.endsWith("/");
  const pattern = foldersOnly ? signless.slice(0, -1) : signless;
  if (pattern === "") return undefined;
  const fold = ignoreCase ? lowerCaseAscii : same;
  const matches = pattern.includes("/") ? pathMatcher(pattern, fold) : nameMatcher(pattern, fold);
  return matches && { excludes, foldersOnly, matches };
}

type Matcher = IgnorePattern["matches"];
type Fold = (text: string) => string;

/** Without a slash: the name, at any depth. */
function nameMatcher(pattern: string, fold: Fold): Matcher | undefined {
  if (!WILD.test(pattern)) {
    const literal = fold(pattern);
    return (_, name) => fold(name) === literal;
  }
  if (pattern.startsWith("*") && !WILD.test(pattern.slice(1))) {
    const ending = fold(pattern.slice(1));
    return (_, name) => fold(name).endsWith(ending);
  }
  const wildcard = Wildcard.parse(pattern, fold !== same);
  return wildcard && ((_, name) => wildcard.matches(name));
}

/**
 * With a slash at its start or within: the whole path. What comes before the first wildcard is compared as it is, and a
 * `**` that comes right after it begins a pattern for git: `a/b**` matches `a/bc/d`, though the manual does not say so.
 */
function pathMatcher(pattern: string, fold: Fold): Matcher | undefined {
  const anchored = pattern.startsWith("/") ? pattern.slice(1) : pattern;
  const wildAt = anchored.search(WILD);
  if (wildAt < 0) {
    const literal = fold(anchored);
    return (path) => fold(path) === literal;
  }
  const start = fold(anchored.slice(0, wildAt));
  const wildcard = Wildcard.parse(anchored.slice(wildAt), fold !== same);
  return wildcard && ((path) => fold(path).startsWith(start) && wildcard.matches(path.slice(start.length)));
}

/** Spaces at the end go, unless a backslash stands before them. */
function trimTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === " ") continue;
    if (line[at] === "\\") at++;
    end = Math.min(at + 1, line.length);
  }
  return line.slice(0, end);
}

function lowerCaseAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase());
}

function same(text: string): string {
  return text;
}

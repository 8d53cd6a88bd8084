// The lines of one ignore file, as git reads them (gitignore(5)): which of them says the last word on a path.
// Paths are relative to the file's own folder. Knows no other file, no disk, and not what lies below a folder:
// that an excluded folder takes everything below with it is for the caller, who comes down from above.

import { Wildcard } from "./wildcard";

export interface IgnorePattern {
  /** False for a line with `!`: the path is let in again. */
  readonly excludes: boolean;
}

interface ParsedPattern extends IgnorePattern {
  readonly foldersOnly: boolean;
  readonly matches: (path: string, name: string) => boolean;
}

export class IgnorePatterns {
  private constructor(private readonly patterns: readonly ParsedPattern[]) {}

  /** @param text bytes, one to a character */
  static parse(text: string, ignoreCase: boolean): IgnorePatterns {
    const lines = text.replace(BYTE_ORDER_MARK, "").split("\n");
    const patterns = lines.map((line) => parseLine(line, ignoreCase)).filter((pattern) => pattern !== undefined);
    return new IgnorePatterns(patterns);
  }

  get isEmpty(): boolean {
    return this.patterns.length === 0;
  }

  /**
   * The last line that matches: later lines win.
   * @param path relative to the file's folder, bytes
   * @param name the path's last part
   */
  lastMatch(path: string, name: string, isFolder: boolean): IgnorePattern | undefined {
    for (let index = this.patterns.length - 1; index >= 0; index--) {
      const pattern = this.patterns[index]!;
      if (pattern.foldersOnly && !isFolder) continue;
      if (pattern.matches(path, name)) return pattern;
    }
    return undefined;
  }
}

/** UTF-8's mark, as bytes. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;

const WILD = /[*?[\\]/;

function parseLine(line: string, ignoreCase: boolean): ParsedPattern | undefined {
  if (line.startsWith("#")) return undefined;
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

type Matcher = ParsedPattern["matches"];
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

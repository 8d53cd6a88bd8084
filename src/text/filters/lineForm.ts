// What is asked of a line while it is still being written: whether it has a form, and whether it could come to have it.

export interface LineForm {
  /** Whether the line has the form. */
  isOf(line: string): boolean;
  /** Whether it has, or could have when it goes on. */
  couldBeOf(line: string): boolean;
}

/** The form of the lines that are, but for blank space around it, what one of `patterns` matches. */
export function wholeLines(...patterns: readonly RegExp[]): LineForm {
  return lineForm(patterns.map(({ source, flags }) => new RegExp(`^\\s*(?:${source})\\s*$`, flags)));
}

/** The form of the lines that begin, behind blank space, with what one of `patterns` matches. */
export function linesBeginningWith(...patterns: readonly RegExp[]): LineForm {
  return lineForm(patterns.map(({ source, flags }) => new RegExp(`^\\s*(?:${source})`, flags)));
}

function lineForm(patterns: readonly RegExp[]): LineForm {
  const beginnings = patterns.map(beginningOf);
  return {
    isOf: (line) => patterns.some((pattern) => pattern.test(line)),
    couldBeOf: (line) => beginnings.some((beginning) => beginning.test(line)),
  };
}

/** A pattern's structure, or one atom of it. */
const PART = /\(\?:|[()|*+?^$]|\{\d[\d,]*\}|(\\.|\[(?:\\.|[^\]\\])*\]|.)/g;

/**
 * Also matches whatever `pattern` could match if it went on: the text may end before each atom. For patterns without lookaround
 * and backreferences.
 */
function beginningOf({ source, flags }: RegExp): RegExp {
  const beginning = source.replace(PART, (part, atom?: string) => (atom === undefined ? part : `(?:${atom}|$)`));
  return new RegExp(beginning, flags);
}

// Where a text shows no indentation yet, a model takes the one that it has seen most, and the user may have set another.

import { lineBefore } from "./lines";

/** Of a line of code: those of a comment that `*` begins are aligned. Blanks alone are what the editor has put there. */
const INDENTED = /^[ \t]+(?![ \t*])/m;
/** Blanks that make a level, in what a model has written. */
const USUAL_LEVELS = [4, 2, 3];
/** Of the first indented line; more of them align it with something above. */
const MOST_LEVELS_AT_ONCE = 2;

/**
 * Gives each line that is written between `prefix` and `suffix` its indentation in units of the editor's; a text that is still
 * being written without its last line's, as long as that may grow. Changes nothing where the text around shows one of its own.
 * @param unit a tab, or blanks
 */
export function indentedWith(unit: string, prefix: string, suffix: string): (text: string) => string {
  if (INDENTED.test(prefix + suffix)) return (text) => text;
  const above = lineBefore(prefix) === "" ? "\n" : "";
  return (text) => {
    let level: number | undefined;
    const inUnits = (indent: string): string => {
      const blanks = indent.replaceAll("\t", "").length;
      level ??= levelOf(blanks);
      const levels = indent.length - blanks + (level === undefined ? 0 : Math.floor(blanks / level));
      return unit.repeat(levels) + " ".repeat(level === undefined ? blanks : blanks % level);
    };
    const settled = (above + text).replace(/\n[ \t]+$/, "\n");
    return settled.replace(/(?<=\n)[ \t]+/g, inUnits).slice(above.length);
  };
}

function levelOf(blanks: number): number | undefined {
  return USUAL_LEVELS.find((level) => blanks > 0 && blanks % level === 0 && blanks <= MOST_LEVELS_AT_ONCE * level);
}

// Cuts a file into chunks of 20 to 40 lines, where a definition begins or a blank line is. Knows only lines.

import { isBlank } from "../../text/lines";
import type { LineRange } from "./lineRange";
import type { Definition } from "./outline";

const FEWEST_LINES = 20;
const MOST_LINES = 40;

export function chunksOf(lines: readonly string[], outline: readonly Definition[]): LineRange[] {
  const borders = bordersOf(lines, outline);
  const chunks: LineRange[] = [];
  for (let startLine = 0; startLine < lines.length; ) {
    const endLine = bestEnd(startLine, borders, lines.length);
    if (!lines.slice(startLine, endLine).every(isBlank)) chunks.push({ startLine, endLine });
    startLine = endLine;
  }
  return chunks;
}

/** How good it is to begin a chunk at a line: 0 is not at all. */
function bordersOf(lines: readonly string[], outline: readonly Definition[]): Uint8Array {
  const borders = new Uint8Array(lines.length + 1);
  for (let line = 1; line < lines.length; line++) {
    if (isBlank(lines[line - 1]!) && !isBlank(lines[line]!)) borders[line] = /^\S/.test(lines[line]!) ? 2 : 1;
  }
  for (const { startLine, endLine, container } of outline) {
    if (endLine - startLine < 2) continue;
    const quality = container < 0 ? 4 : 3;
    const start = withComments(lines, startLine);
    borders[start] = Math.max(borders[start]!, quality);
    borders[endLine] = Math.max(borders[endLine]!, 2);
  }
  return borders;
}

/** A definition's comments and decorators stand above it. */
export function withComments(lines: readonly string[], startLine: number): number {
  let line = startLine;
  while (line > 0 && /^\s*(\/\/|\/?\*|#|@|\[|--)/.test(lines[line - 1]!)) line--;
  return line;
}

function bestEnd(startLine: number, borders: Uint8Array, lineCount: number): number {
  if (lineCount - startLine <= MOST_LINES) {
    // What is left fits; a large definition in it still gets a chunk of its own.
    const border = bestBorder(startLine + FEWEST_LINES, lineCount - FEWEST_LINES, borders);
    return border !== undefined && borders[border]! >= 3 ? border : lineCount;
  }
  return bestBorder(startLine + FEWEST_LINES, startLine + MOST_LINES, borders) ?? startLine + MOST_LINES;
}

/** The best border, the last of equals. */
function bestBorder(from: number, to: number, borders: Uint8Array): number | undefined {
  let best: number | undefined;
  for (let line = from; line <= to; line++) {
    if (borders[line]! > 0 && (best === undefined || borders[line]! >= borders[best]!)) best = line;
  }
  return best;
}

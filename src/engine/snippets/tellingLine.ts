// Whether a line, without its indentation, says something of its own: `});` is everywhere.

const SHORTEST = 8;

export function isTelling(line: string): boolean {
  return line.length >= SHORTEST && /\w{3}/.test(line);
}

// The line on a terminal that tells how far a command is, and what is said on stderr while it may stand there.

import { print } from "./print";

/** A part of `process.stderr`. */
type Output = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;

/** What a terminal is taken for that does not say. */
const USUAL_COLUMNS = 80;

/**
 * Takes the place of what was told last; an empty text removes it. It is cut to the terminal's width: of a longer one, only the
 * last row would ever be taken away. Names in it are strangers', and give the terminal no orders.
 */
export function tell(text: string, output: Output = process.stderr): void {
  if (!output.isTTY) return;
  const line = Array.from(text.replace(/\p{Cc}/gu, "\ufffd")).slice(0, (output.columns || USUAL_COLUMNS) - 1);
  // Back to the line's beginning, and away with what was left there.
  output.write(`\r\u001b[K${line.join("")}`);
}

/** Says on stderr what is wrong, in place of what was told. */
export function complain(text: string, output: Output = process.stderr): void {
  tell("", output);
  print(text, output);
}

// The line on a terminal that tells how far a command is.

/** Takes the place of what was told last; an empty text removes it. */
export function tell(text: string): void {
  // Back to the line's beginning, and away with what was left there.
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

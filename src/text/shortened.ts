/** The beginning of a text, marked as such. */
export function shortened(text: string, length: number): string {
  return `${beginningOf(text, length)}…`;
}

/** As `slice`, but it never ends with half a character: a server may choke on one. */
export function beginningOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

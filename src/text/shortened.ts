/** The beginning of a text, marked as such. It never ends with half a character: a server may choke on one. */
export function shortened(text: string, length: number): string {
  return `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

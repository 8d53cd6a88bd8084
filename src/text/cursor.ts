// A cursor as editors show it, as an offset.

/**
 * The UTF-16 offset of `line` and `column`, both from 1, the column in UTF-16 units.
 * Throws when the text has no such place.
 */
export function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const end = text.indexOf("\n", start);
    if (end === -1) throw new Error(`There is no line ${line}: the text has ${current}.`);
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  const length = (end === -1 ? text.length : end) - start;
  if (line < 1 || column < 1 || column > length + 1) {
    throw new Error(`There is no column ${column} in line ${line}: columns go from 1 to ${length + 1}.`);
  }
  return start + column - 1;
}

// Lines that a text has only once: by them a place in it is found again in another text.

/** Line → its index; undefined for a line that there are several of. */
export function uniqueLines(
  lines: readonly string[],
  from = 0,
  to = lines.length,
): ReadonlyMap<string, number | undefined> {
  const indices = new Map<string, number | undefined>();
  for (let index = from; index < to; index++) {
    const line = lines[index]!;
    indices.set(line, indices.has(line) ? undefined : index);
  }
  return indices;
}

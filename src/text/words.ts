/** A table that a person can read: what stands between blanks. */
export function words(table: string): string[] {
  return table.split(/\s+/).filter((word) => word !== "");
}

export function wordSet(table: string): ReadonlySet<string> {
  return new Set(words(table));
}

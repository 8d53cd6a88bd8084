// What an import statement says, in any language.

export interface ImportStatement {
  /** As it is written: "./a", a.b, crate::a. */
  readonly module: string;
  /** Names taken from it, as they are called there; empty: all of it. */
  readonly names: readonly string[];
}

/** Comma-separated names; of `a as b` and `a: b` the first: that is what the other file calls it. */
export function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((item) => /^\s*(?:type\s+)?([\w$]+)/.exec(item)?.[1])
    .filter((name) => name !== undefined);
}

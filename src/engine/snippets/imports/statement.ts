// What an import statement says, in any language.

export interface ImportStatement {
  /** As it is written: "./a", a.b, crate::a. */
  readonly module: string;
  /** Names taken from it, as they are called there; empty: all of it. */
  readonly names: readonly string[];
  /** What the file calls otherwise: its own word → the name there; `WHOLE_MODULE` for all of it. */
  readonly aliases?: Aliases;
}

export type Aliases = ReadonlyMap<string, string>;
export const WHOLE_MODULE = "*";

/** Comma-separated names; of `a as b` and `a: b` the first: that is what the other file calls it. */
export function namesIn(list: string): string[] {
  return withoutComments(list)
    .split(",")
    .map((item) => /^\s*(?:type\s+)?([\w$]+)/.exec(item)?.[1])
    .filter((name) => name !== undefined);
}

/** Of `a as b` and `a: b` the second is the file's own word. */
export function aliasesIn(list: string): Aliases {
  const pairs = withoutComments(list).matchAll(/(?<![\w$])([\w$]+|\*)\s*(?:\bas\b|:)\s*([\w$]+)/g);
  return new Map([...pairs].map(([, name, alias]) => [alias!, name!]));
}

/** Not further than a comment between names goes: looking to the end from each beginning takes time by the square of the length. */
function withoutComments(list: string): string {
  return list.replace(/\/\*[\s\S]{0,200}?\*\//g, " ");
}

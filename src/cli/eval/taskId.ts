// What an id says of its task, and results by that: `python-elsewhere-3` is the third of a kind, in a language.

import type { Result } from "./measure";

/** The language, or whatever else the id begins with. */
export function groupOf({ id }: Result): string {
  return id.split("-", 1)[0]!;
}

/** As the id names it; one that does not is of its task's kind. */
export function kindOf({ id, kind }: Result): string {
  return id.split("-")[1] ?? kind;
}

/** The results in parts, by the name that `nameOf` gives each; in the order in which the names come. */
export function partsBy<R extends Result>(results: readonly R[], nameOf: (result: R) => string): [string, R[]][] {
  const names = [...new Set(results.map(nameOf))];
  return names.map((name) => [name, results.filter((result) => nameOf(result) === name)]);
}

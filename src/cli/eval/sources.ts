// What a completion may draw on while it is measured, and the conditions that are compared.

import type { DocumentOffer } from "../../engine/repository/offer";

export const SOURCES = ["trunk", "snippets", "memory"] as const;
export type Source = (typeof SOURCES)[number];

/** One way of completing: the sources that are switched on, in the order of SOURCES. */
export interface Condition {
  readonly name: string;
  readonly sources: readonly Source[];
}

export function conditionOf(sources: readonly Source[]): Condition {
  const on = SOURCES.filter((source) => sources.includes(source));
  const name = on.length === 0 ? "none" : on.length === SOURCES.length ? "all" : on.join("+");
  return { name, sources: on };
}

/** Nothing, each source alone, all together. */
export const COMPARED: readonly Condition[] = [[], ...SOURCES.map((source) => [source]), [...SOURCES]].map(conditionOf);

/** Reads conditions by their names: `none,snippets,snippets+memory,all`. Throws a sentence for one that is not known. */
export function parseConditions(text: string): Condition[] {
  return text.split(",").map((name) => conditionOf(name.trim() === "all" ? SOURCES : parseSources(name, "+")));
}

/** Reads names. Throws a sentence for one that is not known. */
export function parseSources(text: string, separator = ","): Source[] {
  return text
    .split(separator)
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "none")
    .map((name) => {
      const source = SOURCES.find((known) => known === name);
      if (source === undefined) throw new Error(`The sources are ${SOURCES.join(", ")}; "${name}" is none of them.`);
      return source;
    });
}

/** What is left of `context` when only the condition's sources are switched on. */
export function only({ sources }: Condition, context: DocumentOffer): DocumentOffer {
  const { path, trunk, snippets, memory } = context;
  return {
    path,
    ...(sources.includes("trunk") && trunk !== undefined && { trunk }),
    ...(sources.includes("snippets") && snippets !== undefined && { snippets }),
    ...(sources.includes("memory") && memory !== undefined && { memory }),
  };
}

/** Contexts with the same key make the same prompts: the memory is asked later. */
export function frameKey({ trunk, snippets }: DocumentOffer): string {
  return `${trunk !== undefined} ${snippets !== undefined}`;
}

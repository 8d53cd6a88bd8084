// What is asked of the snippets, and what is given back. No tokens: budgets are in characters.

import type { FileRange } from "./lineRange";

/** Why a snippet is offered. */
export type SnippetReason = "import" | "similar" | "recently edited" | "recently viewed" | "definition";

/** Text of another place that may help at the cursor. */
export interface Snippet extends FileRange {
  /** Whole lines. Of definitions only the signatures: then lines of the range are left out. No line break at the end. */
  readonly text: string;
  /** Comparable within one answer only. */
  readonly score: number;
  readonly reason: SnippetReason;
}

export interface SnippetRequest {
  /** The live file. */
  readonly path: string;
  readonly languageId: string;
  /** All of its text, as it stands in the editor; absent: what the index has of it. */
  readonly document?: string;
  /** The text before the cursor, which the prompt holds anyway, and what comes after it. */
  readonly prefix: string;
  readonly suffix: string;
  /** The suffix's beginning that the prompt holds, too. */
  readonly heldSuffix: string;
  /** The suffix's beginning that is no other place: a model that is not told of it would write what it says once more. */
  readonly nearSuffix: string;
  /** For all snippets: each costs its text, its path, and `SNIPPET_OVERHEAD_CHARACTERS`. */
  readonly budgetCharacters: number;
}

/** For what the prompt writes around a path and a text: a comment mark, line breaks. */
const SNIPPET_OVERHEAD_CHARACTERS = 6;

export function snippetCost(snippet: { readonly path: string; readonly text: string }): number {
  return snippet.text.length + snippet.path.length + SNIPPET_OVERHEAD_CHARACTERS;
}

// An index of a few files, and what is asked of it at a cursor.

import type { SnippetRequest } from "../../src/engine/snippets/snippet";
import { SnippetIndex, type SnippetIndexOptions } from "../../src/engine/snippets/snippetIndex";

export async function indexOf(
  files: Readonly<Record<string, string>>,
  options?: SnippetIndexOptions,
): Promise<SnippetIndex> {
  const index = new SnippetIndex(options);
  for (const [path, text] of Object.entries(files)) await index.update(path, text);
  return index;
}

/** For a prompt that holds all of the text around the cursor, which is at `|`, if nothing else is said. */
export function requestAt(path: string, live: string, asked: Partial<SnippetRequest> = {}): SnippetRequest {
  const [prefix = "", suffix = ""] = live.split("|");
  const { heldSuffix = suffix, nearSuffix = heldSuffix } = asked;
  return { path, languageId: "", prefix, suffix, budgetCharacters: 2000, ...asked, heldSuffix, nearSuffix };
}

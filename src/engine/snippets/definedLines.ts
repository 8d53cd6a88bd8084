// Where the definitions of one text begin and end, for who wants to replace one of them.

import type { DefinedLines } from "../../protocol/engine";
import { normalizeLineEnds } from "../../text/lines";
import { languageFor } from "./languages";
import type { Outliner } from "./outline";

/** Empty where no grammar reads the language. */
export async function definedLines(
  outliner: Outliner,
  path: string,
  languageId: string,
  text: string,
): Promise<DefinedLines[]> {
  const language = languageFor(path, languageId);
  if (language === undefined) return [];
  await outliner.prepare(language);
  const outline = await outliner.outline(language, normalizeLineEnds(text));
  return outline.map(({ name, startLine, endLine }) => ({ name, startLine: startLine + 1, endLine }));
}

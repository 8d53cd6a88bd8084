// One completion in a text that is not open anywhere.

import { extname } from "node:path";
import { Completer } from "../engine/completer";
import { Documents } from "../engine/documents";
import type { LanguageModel } from "../engine/languageModel";
import { undisturbed } from "../engine/turn";
import type { CompleteResult, Offset } from "../protocol/engine";

export interface Place {
  /** Of the file; it tells the language. */
  readonly path: string;
  readonly text: string;
  readonly offset: Offset;
  /** Upper bound of generated tokens. */
  readonly maxTokens: number;
  readonly multiline: boolean;
}

/** What the editor would suggest at the place, when it is asked to. Throws when the model cannot run. */
export async function completeOnce(
  lm: LanguageModel,
  place: Place,
): Promise<Exclude<CompleteResult, { type: "failed" }>> {
  const { path, text, offset, maxTokens, multiline } = place;
  const identity = { uri: path, version: 1 };
  const document = new Documents().open({ ...identity, path, text, languageId: extname(path).slice(1) });
  const params = { ...identity, offset, trigger: "invoke", maxTokens, multiline } as const;
  const result = await new Completer({ lm }).complete(document, params, undisturbed);
  if (result.type === "failed") throw new Error(result.message);
  return result;
}

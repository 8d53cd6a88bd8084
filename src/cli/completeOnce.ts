// One completion in a text that is not open anywhere.

import { extname } from "node:path";
import { Completer } from "../engine/completion/completer";
import { Documents } from "../engine/documents";
import type { LanguageModel } from "../engine/model/languageModel";
import { undisturbed } from "../engine/modelAccess";
import type { CompleteResult, Extent, Offset } from "../protocol/engine";

export interface CursorQuestion {
  /** The file's path; it tells the language. */
  readonly path: string;
  readonly text: string;
  readonly offset: Offset;
  readonly extent: Extent;
}

export interface CompleteOnceOptions {
  /** One that knows a repository, or has completed nearby; absent: a new one. */
  readonly completer?: Completer;
  /** Whether the cursor rested there first, as it does in an editor: what needs leisure is done, and not timed. */
  readonly isPrepared?: boolean;
}

/** What the editor would suggest at the cursor, when it is asked to. Throws when the model cannot run. */
export async function completeOnce(
  lm: LanguageModel,
  question: CursorQuestion,
  { completer = new Completer({ lm }), isPrepared = false }: CompleteOnceOptions = {},
): Promise<Exclude<CompleteResult, { type: "failed" }> & { readonly ms: number }> {
  const { path, text, offset, extent } = question;
  const identity = { uri: path, version: 1 };
  const document = new Documents().open({ ...identity, path, text, languageId: extname(path).slice(1) });
  const params = { ...identity, offset, trigger: "invoke", extent } as const;
  if (isPrepared) await completer.prepare(document, offset, undisturbed);
  const began = performance.now();
  const result = await completer.complete(document, params, undisturbed);
  if (result.type === "failed") throw new Error(result.message);
  return { ...result, ms: performance.now() - began };
}

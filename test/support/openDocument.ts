// A TypeScript file as it is open in the editor, and what is asked there.

import { Documents, type MirroredDocument } from "../../src/engine/documents";
import type { CompleteParams } from "../../src/protocol/engine";

export function openDocument(text: string): MirroredDocument {
  return new Documents().open({ uri: "file:///a.ts", version: 1, languageId: "typescript", path: "a.ts", text });
}

/** Somebody asks for a block of 40 tokens at most, unless `others` says otherwise. */
export function askingAt(
  { uri, version }: MirroredDocument,
  offset: number,
  others: Partial<CompleteParams> = {},
): CompleteParams {
  return { uri, version, offset, trigger: "invoke", extent: { multiline: true, maxTokens: 40 }, ...others };
}

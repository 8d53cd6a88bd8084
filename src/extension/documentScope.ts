// Whether a document gets completions, and if not, why.

import * as vscode from "vscode";
import { isEnabledFor } from "./config";
import type { DocumentMirror } from "./documentMirror";
import type { DocumentSync } from "./documentSync";
import type { DocumentScope } from "./status";

export function documentScope(
  document: vscode.TextDocument,
  sync: DocumentSync,
  mirror: DocumentMirror,
): DocumentScope {
  if (!isEnabledFor(document)) {
    return { type: "off", reason: `Completions are off for \`${document.languageId}\`.` };
  }
  if (sync.isNotebookText(document)) {
    const reason = "This notebook is open as a notebook, too: its cells get the completions.";
    return { type: "off", reason };
  }
  const place = sync.locate(document, new vscode.Position(0, 0));
  if (!place) return { type: "off", reason: "This kind of document gets no completions." };
  const refusal = mirror.refusalOf(place.uri);
  return refusal === undefined ? { type: "on" } : { type: "off", reason: refusal };
}

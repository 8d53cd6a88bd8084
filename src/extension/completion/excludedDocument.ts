import * as vscode from "vscode";
import { isExcludedPath } from "../../engine/files/excludedPath";
import { fileUriOf } from "../documents/documentPath";
import { completionExclusions } from "../settings/config";

/** Whether the user wants no completions in the document because of where it lies; a notebook's cells lie where it does. */
export function isExcludedDocument(document: vscode.TextDocument): boolean {
  const patterns = completionExclusions(document);
  return patterns.length > 0 && isExcludedPath(patterns, pathOf(fileUriOf(document)));
}

/** In its workspace folder; of a file that lies in none, all of it. */
function pathOf(uri: vscode.Uri): string {
  const isInFolder = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  return isInFolder ? vscode.workspace.asRelativePath(uri, false) : uri.path.replace(/^\//, "");
}

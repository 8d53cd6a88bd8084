import * as vscode from "vscode";
import { cellOf } from "./notebookCell";

/**
 * The file whose rules hold for a document: itself, its notebook, or, for a view of an older or proposed version, the file of
 * today.
 */
export function fileUriOf(document: Pick<vscode.TextDocument, "uri">): vscode.Uri {
  const uri = cellOf(document)?.notebook.uri ?? document.uri;
  if (uri.scheme === "file" || uri.scheme === "untitled") return uri;
  const file = uri.with({ scheme: "file", query: "", fragment: "" });
  return vscode.workspace.getWorkspaceFolder(file) ? file : uri;
}

/** The path that tells whether a document may hold secrets. The folders above the workspace tell it, too: `.kube/config`. */
export function pathToJudge(uri: vscode.Uri): string {
  return uri.path;
}

/** The path as the model should see it: nothing of it says where on the machine the folder lies. */
export function pathForModel(uri: vscode.Uri): string | undefined {
  if (uri.scheme === "untitled") return undefined;
  if (vscode.workspace.getWorkspaceFolder(uri)) return vscode.workspace.asRelativePath(uri, false);
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

import * as vscode from "vscode";

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

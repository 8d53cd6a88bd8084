import * as vscode from "vscode";
import type { FilePlace } from "./contextNode";

/** The file that a node stands for; undefined when its folder is not open any more. */
export function placeUri({ folder, beside, path }: FilePlace): vscode.Uri | undefined {
  if (folder !== undefined) return vscode.Uri.joinPath(vscode.Uri.file(folder), path);
  const besideFolder = beside === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(beside));
  const root = besideFolder ?? vscode.workspace.workspaceFolders?.[0];
  return root && vscode.Uri.joinPath(root.uri, path);
}

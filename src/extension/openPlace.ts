// From a file's place, as the engine and the chat's page name it, to the editor. It is opened only when it lies in a folder
// of the workspace, also behind links.

import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import * as vscode from "vscode";
import type { FilePlace, FolderFile } from "../protocol/engine";
import { isInnerPath } from "./innerPath";
import type { Log } from "./log";
import { sayInPassing } from "./say";

/** Opens the file, at the place's lines if it has any; says so in the status bar when it cannot. Returns whether it did. */
export async function openPlace(place: FilePlace | FolderFile, log: Log): Promise<boolean> {
  const uri = await uriOf(place);
  if (uri === undefined) {
    log.warn("A place that does not lie in the workspace was not opened.");
    // An older answer may be about a folder that has been closed since.
    sayInPassing(`${place.path} is not in an open folder.`);
    return false;
  }
  try {
    if (isNotebook(uri)) {
      // The lines are those of a cell, and not of the file.
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri), { preview: true });
      return true;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, ...selectionOf(place, document) });
    return true;
  } catch (error) {
    log.warn(`A place that was listed could not be opened: ${String(error)}`);
    sayInPassing(`${place.path} cannot be opened; it may have been deleted.`);
    return false;
  }
}

/** Without lines it stays where the user left it. Beyond the document's end VS Code takes its end. */
function selectionOf(place: FilePlace | FolderFile, document: vscode.TextDocument): { selection?: vscode.Range } {
  if (!("startLine" in place)) return {};
  const start = new vscode.Position(Math.max(0, place.startLine - 1), 0);
  const end = new vscode.Position(Math.max(0, place.endLine - 1), Number.MAX_SAFE_INTEGER);
  return { selection: document.validateRange(new vscode.Range(start, end)) };
}

function isNotebook(uri: vscode.Uri): boolean {
  const isOpen = vscode.workspace.notebookDocuments.some((notebook) => notebook.uri.toString() === uri.toString());
  return isOpen || /\.ipynb$/i.test(uri.path);
}

async function uriOf({ folder, path }: FilePlace | FolderFile): Promise<vscode.Uri | undefined> {
  if (!isInnerPath(path)) return undefined;
  const workspaceFolder = vscode.workspace.workspaceFolders?.find(
    ({ uri }) => uri.scheme === "file" && uri.fsPath === folder,
  );
  if (workspaceFolder === undefined) return undefined;
  const uri = vscode.Uri.joinPath(workspaceFolder.uri, path);
  try {
    const root = await realpath(workspaceFolder.uri.fsPath);
    const real = await realpath(uri.fsPath);
    return real.startsWith(root.endsWith(sep) ? root : root + sep) ? uri : undefined;
  } catch {
    // It is not there: opening it says so.
    return uri;
  }
}

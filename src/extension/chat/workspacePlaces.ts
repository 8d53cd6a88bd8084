// Places in the workspace: what the user has selected as one, and back from one to the editor. A place that a page names is
// opened only when it lies in a folder of the workspace, also behind links.

import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import * as vscode from "vscode";
import { isSecretPath } from "../../engine/files/secretNames";
import type { FilePlace, FoundFile } from "../../protocol/engine";
import { pathToJudge } from "../documentPath";
import type { Log } from "../log";
import { cellOf } from "../notebookCell";
import { sayInPassing, sayUnopened } from "../say";
import { isInnerPath } from "./innerPath";

export interface SelectedText {
  readonly place: FilePlace;
  readonly name: string;
  readonly text: string;
  /** Whether its file's name is that of secrets. */
  readonly isSecret: boolean;
}

/** A file as a question takes it; undefined when it lies in no folder of this machine that is open. */
export function workspaceFile(uri: vscode.Uri): (FoundFile & { readonly isSecret: boolean }) | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  if (folder?.scheme !== "file") return undefined;
  const path = vscode.workspace.asRelativePath(uri, false);
  const name = vscode.workspace.asRelativePath(uri);
  return { folder: folder.fsPath, path, name, isSecret: isSecretPath(pathToJudge(uri)) };
}

/** What is selected in the editor that was used last; undefined when nothing is. */
export function selectedText(): SelectedText | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty) return undefined;
  const { document, selection } = editor;
  const cell = cellOf(document);
  const uri = fileOf(document.uri, cell);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const isOfFolder = folder?.uri.scheme === "file";
  const relativePath = vscode.workspace.asRelativePath(uri);
  const path = isOfFolder ? vscode.workspace.asRelativePath(uri, false) : relativePath.split(/[\\/]/).at(-1)!;
  const name = isOfFolder ? relativePath : path;
  const { start, end } = selection;
  // A selection that ends at a line's start does not mean that line.
  const endLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return {
    place: { ...(isOfFolder ? { folder: folder.uri.fsPath } : {}), path, startLine: start.line + 1, endLine },
    // The lines are the cell's own, as its editor counts them.
    name: cell === undefined ? name : `${name}, cell ${cell.index + 1}`,
    text: document.getText(selection),
    isSecret: isSecretPath(pathToJudge(uri)),
  };
}

/** The file whose rules hold for a document: of a notebook's cell its notebook, of a diff's older side the file of today. */
function fileOf(uri: vscode.Uri, cell: vscode.NotebookCell | undefined): vscode.Uri {
  if (cell !== undefined) return cell.notebook.uri;
  return uri.scheme === "git" ? vscode.Uri.file(uri.path) : uri;
}

/** Opens the file at the place's lines; says so in the status bar when it cannot. Returns whether it did. */
export async function openPlace(place: FilePlace, log: Log): Promise<boolean> {
  const uri = await uriOf(place);
  if (uri === undefined) {
    log.warn("A place that does not lie in the workspace was not opened.");
    // An older answer may be about a folder that has been closed since.
    sayInPassing(`${place.path} lies in no folder that is open.`);
    return false;
  }
  // Beyond the document's end VS Code takes its end.
  const start = new vscode.Position(Math.max(0, place.startLine - 1), 0);
  const selection = new vscode.Range(
    start,
    new vscode.Position(Math.max(0, place.endLine - 1), Number.MAX_SAFE_INTEGER),
  );
  try {
    if (isNotebook(uri)) {
      // The lines are those of a cell, and not of the file.
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri), { preview: true });
      return true;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, selection: document.validateRange(selection) });
    return true;
  } catch (error) {
    sayUnopened(place.path, error, log);
    return false;
  }
}

function isNotebook(uri: vscode.Uri): boolean {
  const isOpen = vscode.workspace.notebookDocuments.some((notebook) => notebook.uri.toString() === uri.toString());
  return isOpen || /\.ipynb$/i.test(uri.path);
}

async function uriOf({ folder, path }: FilePlace): Promise<vscode.Uri | undefined> {
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

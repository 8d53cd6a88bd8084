// Files of the workspace and what is selected in them, as a question takes them. openPlace.ts is the way back.

import * as vscode from "vscode";
import type { Refusal } from "../../engine/files/refusal";
import { isSecretPath } from "../../engine/files/secretNames";
import { holdsSecret } from "../../engine/files/secretText";
import type { FilePlace, FoundFile } from "../../protocol/engine";
import { fileUriOf, pathToJudge } from "../documents/documentPath";
import { cellOf } from "../documents/notebookCell";
import { lastSegment } from "../phrases";

export interface SelectedText {
  readonly place: FilePlace;
  readonly name: string;
  readonly text: string;
  /** Why it is not for a model: the file's name, or what stands in it. A secret's lines, cut out of it, may look like anything. */
  readonly refused?: Refusal;
}

/** A file as a question takes it; undefined when it is not in an open folder of this machine. */
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
  const uri = fileUriOf(document);
  const file = workspaceFile(uri);
  const path = file?.path ?? lastSegment(vscode.workspace.asRelativePath(uri));
  const name = file?.name ?? path;
  const { start, end } = selection;
  const refused = isSecretPath(pathToJudge(uri))
    ? "secret"
    : holdsSecret(document.getText())
      ? "secretText"
      : undefined;
  // A selection that ends at a line's start does not mean that line.
  const endLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return {
    place: { ...(file && { folder: file.folder }), path, startLine: start.line + 1, endLine },
    // The lines are the cell's own, as its editor counts them.
    name: cell === undefined ? name : `${name}, cell ${cell.index + 1}`,
    text: document.getText(selection),
    ...(refused && { refused }),
  };
}

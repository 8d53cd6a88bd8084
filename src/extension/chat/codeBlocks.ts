// What is done with a block of code of an answer: copied, inserted at the cursor, or shown as a change of the file.

import * as vscode from "vscode";
import { placeCode } from "../../text/placeCode";
import type { ProposedChanges } from "./proposedChanges";

export async function copyCode(code: string): Promise<void> {
  await vscode.env.clipboard.writeText(code);
  vscode.window.setStatusBarMessage("Griffin: copied.", 2000);
}

/** In place of the selection, or at the cursor, of the editor that was used last. */
export async function insertCode(code: string): Promise<void> {
  const editor = targetEditor();
  if (editor === undefined) return;
  await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, code.replace(/\n$/, ""));
  });
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
}

/** Shows what the file would be with it, side by side. Nothing is written before the user accepts. */
export async function applyCode(code: string, changes: ProposedChanges): Promise<void> {
  const editor = targetEditor();
  if (editor === undefined) return;
  const { document, selection } = editor;
  const target = {
    text: document.getText(),
    start: document.offsetAt(selection.start),
    end: document.offsetAt(selection.end),
  };
  await changes.propose(document, placeCode(target, code).edit);
}

function targetEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined && isEditable(editor.document)) return editor;
  const other = vscode.window.visibleTextEditors.find(({ document }) => isEditable(document));
  if (other === undefined) {
    void vscode.window.showInformationMessage("Griffin: open the file that the code belongs to, and try again.");
  }
  return other;
}

/** Not an output channel, and not one side of a proposed change. */
function isEditable({ uri }: vscode.TextDocument): boolean {
  return vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true || uri.scheme === "untitled";
}

// What is done with a block of code of an answer: copied, inserted at the cursor, or shown as a change of the file.

import * as vscode from "vscode";
import { placeCode } from "../../text/placeCode";
import { isNotebookCell } from "../documents/notebookCell";
import type { EngineClient } from "../engineProcess/engineClient";
import { say, sayInPassing } from "../say";
import type { ProposedChanges } from "./proposedChanges";

export async function copyCode(code: string): Promise<void> {
  await vscode.env.clipboard.writeText(code);
  sayInPassing("copied.");
}

/** In place of the selection, or at the cursor, of the editor that was used last; also in a notebook's cell. */
export async function insertCode(code: string): Promise<void> {
  const editor = targetEditor();
  if (editor === undefined) return say(NO_TARGET);
  const isInserted = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, code.replace(/\n$/, ""));
  });
  if (!isInserted) return say("VS Code did not insert the code. Is the file read-only?");
  await giveKeyboard(editor);
}

/** Shows what the file would be with it, side by side. Nothing is written before the user accepts. */
export async function applyCode(
  code: string,
  changes: ProposedChanges,
  engine: Pick<EngineClient, "findDefinitions">,
): Promise<void> {
  const editor = targetEditor();
  if (editor === undefined) return say(NO_TARGET);
  const { document } = editor;
  if (isNotebookCell(document)) return say("Apply does not work in notebook cells. Use Insert instead.");
  const asked = document.getText();
  // An engine that is in the middle of a long run answers late: then the indentation says where a definition ends.
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  const found = await engine.findDefinitions(document.uri.path, document.languageId, asked, deadline);
  const text = document.getText();
  const definitions = found.type === "success" && text === asked ? found.definitions : [];
  const { selection } = editor;
  const target = { text, start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
  await changes.propose(document, placeCode(target, code, definitions).edit);
}

const PATIENCE_MS = 1_500;
const NO_TARGET = "open the file that the code belongs to, and try again.";

function targetEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined && isEditable(editor.document)) return editor;
  // Beside a notebook there may be files in sight, and none of them is meant.
  const front = vscode.window.activeNotebookEditor;
  const cell = front?.notebook.getCells(front.selection)[0];
  return vscode.window.visibleTextEditors.find(({ document }) =>
    front ? document === cell?.document : isEditable(document) && !isNotebookCell(document),
  );
}

async function giveKeyboard({ document, viewColumn }: vscode.TextEditor): Promise<void> {
  const front = vscode.window.activeNotebookEditor;
  // A cell is no editor of its own that could be shown.
  if (!isNotebookCell(document)) {
    await vscode.window.showTextDocument(document, { viewColumn: viewColumn ?? vscode.ViewColumn.Active });
  } else if (front) {
    await vscode.window.showNotebookDocument(front.notebook, {
      viewColumn: front.viewColumn ?? vscode.ViewColumn.Active,
    });
  }
}

/** Not an output channel, and not one side of a proposed change. */
function isEditable(document: vscode.TextDocument): boolean {
  const { scheme } = document.uri;
  return vscode.workspace.fs.isWritableFileSystem(scheme) === true || scheme === "untitled" || isNotebookCell(document);
}

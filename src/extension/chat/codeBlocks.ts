// What is done with a block of code of an answer: copied, inserted at the cursor, or shown as a change of the file.

import * as vscode from "vscode";
import { type PlacedCode, placeCode } from "../../text/placeCode";
import { shortened } from "../../text/shortened";
import { isNotebookCell } from "../documents/notebookCell";
import type { EngineClient } from "../engineProcess/engineClient";
import { offer, say, sayInPassing } from "../say";
import type { ProposedChanges } from "./proposedChanges";

export async function copyCode(code: string): Promise<void> {
  await vscode.env.clipboard.writeText(code);
  sayInPassing("Copied.");
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

/**
 * Shows what the file would be with it, side by side, and offers to accept that. Nothing is written before the user does. Where it may
 * be meant for several definitions, the user says for which.
 */
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
  const places = placeCode(target, code, definitions);
  const placed = places.length === 1 ? places[0] : await choosePlace(places);
  if (placed === undefined) return;
  if (document.getText() !== text) return say("The file has changed meanwhile. Apply the code again.");
  const proposed = await changes.propose(document, placed.edit);
  const sentence = `The code is shown as a change of ${vscode.workspace.asRelativePath(document.uri)}, ${placeWords(placed)}.`;
  const chosen = await offer(sentence, ["Accept", "Discard"]);
  if (chosen === "Accept") await changes.accept(proposed);
  if (chosen === "Discard") await changes.discard(proposed);
}

async function choosePlace(places: readonly PlacedCode[]): Promise<PlacedCode | undefined> {
  const items = places.map((placed) => ({
    label: placed.place === "cursor" ? "At the cursor" : codeLabel(placed.text),
    description: `line ${placed.line}${placed.within === undefined ? "" : `, in ${placed.within}`}`,
    placed,
  }));
  const placeHolder = "Several definitions have this name. Which one is to be replaced?";
  return (await vscode.window.showQuickPick(items, { title: "Griffin: Apply", placeHolder }))?.placed;
}

/** In a list VS Code draws `$(name)` as an icon: what cannot be seen stands between. */
function codeLabel(line: string): string {
  return shortened(line, LONGEST_LABEL).replaceAll("$(", "$\u200b(");
}

function placeWords({ place, line }: PlacedCode): string {
  switch (place) {
    case "selection":
      return "in place of the selection";
    case "definition":
      return `in place of the definition in line ${line}`;
    case "cursor":
      return `at the cursor, in line ${line}`;
  }
}

const PATIENCE_MS = 1_500;
const LONGEST_LABEL = 100;
const NO_TARGET = "Open the file that the code belongs to, and try again.";

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

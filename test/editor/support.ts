// What the editor's tests share: the installed extension, documents, and waiting.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { GriffinApi } from "../../src/extension/main";
import { until } from "../support/until";

const EXTENSION_ID = "griffin-code.griffin-code";

/** Here any model has something to say. What it says is the model's business; `test/engine/process.test.ts` looks at it. */
export const UNFINISHED = "def add(a, b):\n    return a + b\n\n\ndef subtract(a, b):\n    return |\n";

export async function griffin(): Promise<GriffinApi> {
  const extension = vscode.extensions.getExtension<GriffinApi | undefined>(EXTENSION_ID);
  assert.ok(extension, `${EXTENSION_ID} is not installed`);
  return (await extension.activate()) ?? assert.fail("GRIFFIN_TEST_API is not set");
}

/** The extension with an engine that answers, whatever is in front. */
export async function readyGriffin(): Promise<GriffinApi> {
  const api = await griffin();
  if (api.engineStatus().type === "stopped") await vscode.commands.executeCommand("griffin.restartEngine");
  await untilReady(api);
  return api;
}

export async function untilReady(api: GriffinApi): Promise<void> {
  const status = () => {
    const seen = api.engineStatus();
    if (seen.type === "failed") throw new Error(seen.message);
    return seen;
  };
  await until("the engine is ready", status, ({ type }) => type === "ready");
}

/** Opens an untitled document with the cursor at `|`. */
export async function openEditor(textWithCursor: string, language = "python"): Promise<vscode.TextEditor> {
  const content = textWithCursor.replace("|", "");
  return show(await vscode.workspace.openTextDocument({ content, language }), textWithCursor);
}

/** Writes a file into the workspace, and opens it with the cursor at `|`. */
export function openFile(name: string, textWithCursor: string): Promise<vscode.TextEditor> {
  return openIn(testFolder(), name, textWithCursor);
}

/** Beside the workspace: what other files say has no part in its completions. */
export function openFileOutside(name: string, textWithCursor: string): Promise<vscode.TextEditor> {
  return openIn(outsideFolder(), name, textWithCursor);
}

async function openIn(folder: vscode.Uri, name: string, textWithCursor: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(textWithCursor.replace("|", "")));
  return show(await vscode.workspace.openTextDocument(uri), textWithCursor);
}

/** Also deletes the files that were written. */
export async function closeEverything(): Promise<void> {
  // Reverting first: closing what has changed would ask whether to save it.
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  for (const folder of [testFolder(), outsideFolder()]) {
    await vscode.workspace.fs.delete(folder, { recursive: true }).then(undefined, () => {});
  }
}

function outsideFolder(): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, "..", "griffin-editor-tests-outside");
}

function testFolder(): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, "griffin-editor-tests");
}

async function show(document: vscode.TextDocument, textWithCursor: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(document);
  const position = document.positionAt(textWithCursor.indexOf("|"));
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

export interface Asking {
  readonly trigger?: vscode.InlineCompletionTriggerKind;
  readonly selected?: vscode.SelectedCompletionInfo;
}

/** Asks the provider as VS Code does, at the editor's cursor. */
export function ask(api: GriffinApi, editor: vscode.TextEditor, asking: Asking = {}) {
  const { document, selection } = editor;
  const { trigger = vscode.InlineCompletionTriggerKind.Automatic, selected } = asking;
  const context = { triggerKind: trigger, selectedCompletionInfo: selected };
  const source = new vscode.CancellationTokenSource();
  return api.provider.provideInlineCompletionItems(document, selection.active, context, source.token);
}

/** The one item that the provider offers. */
export async function askForItem(
  api: GriffinApi,
  editor: vscode.TextEditor,
  asking: Asking = {},
): Promise<vscode.InlineCompletionItem> {
  const items = await ask(api, editor, asking);
  assert.equal(items.length, 1, `items at ${editor.document.uri}`);
  return items[0]!;
}

/** What the document would be with the item accepted. */
export function textWith(document: vscode.TextDocument, { insertText, range }: vscode.InlineCompletionItem): string {
  const text = document.getText();
  const start = document.offsetAt(range!.start);
  const end = document.offsetAt(range!.end);
  return text.slice(0, start) + String(insertText) + text.slice(end);
}

export async function type(text: string): Promise<void> {
  await vscode.commands.executeCommand("type", { text });
}

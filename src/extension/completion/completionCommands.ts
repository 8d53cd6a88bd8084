// The commands that ask for a completion, or for none for a while.

import * as vscode from "vscode";
import { editorInFront } from "../documents/editorInFront";
import { explainNotReady } from "../engineProcess/engineCommands";
import type { EngineStatus, EngineSupervisor } from "../engineProcess/engineSupervisor";
import { plainText, timeOfDay } from "../phrases";
import { sayInPassing, sayMeanwhile } from "../say";
import type { CompletionScope } from "./completionScope";
import type { Snooze } from "./snooze";

/** Says why where none can come from here: who asked for one would wait for it. Other extensions are asked all the same. */
export async function complete(supervisor: EngineSupervisor, scope: CompletionScope): Promise<void> {
  const editor = editorInFront();
  if (editor === undefined) return sayInPassing("Open a file, and put the cursor where something is missing.");
  const { selection } = editor;
  const refusal = refusalIn(editor, scope);
  if (refusal !== undefined) sayInPassing(refusal);
  // Not waited for: the message stays until it is answered.
  else if ((await startedEngine(supervisor)).type !== "ready") void explainNotReady(supervisor);
  // A large model takes minutes to load, and the user has gone elsewhere.
  if (editor !== vscode.window.activeTextEditor || !editor.selection.isEqual(selection)) return;
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
}

/** VS Code asks for completions there, and shows none. */
export function explainSnippet(): void {
  sayInPassing("VS Code shows no completions while a snippet is filled in. Press Escape first.");
}

/** For the walkthrough, which VS Code shows when nothing may be open yet: an example with the cursor where something is missing. */
export async function tryCompletion(supervisor: EngineSupervisor, scope: CompletionScope): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "python", content: EXAMPLE });
  const end = document.positionAt(EXAMPLE.length);
  await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(end, end) });
  await complete(supervisor, scope);
}

export function startSnooze(snooze: Snooze): void {
  snooze.start();
  sayInPassing(`Completions come only when you ask, until ${timeOfDay(snooze.endsAt!)}.`);
}

export function endSnooze(snooze: Snooze): void {
  snooze.stop();
  sayInPassing("The snooze has ended.");
}

/** The same as in media/walkthrough/complete.svg. The bundled model gets it right. */
const EXAMPLE = `def smallest(numbers):
    return min(numbers)


def largest(numbers):
    return `;

function refusalIn({ document, selection }: vscode.TextEditor, scopes: CompletionScope): string | undefined {
  if (!selection.isEmpty)
    return "Nothing is completed while text is selected. Put the cursor where something is missing.";
  const scope = scopes.of(document);
  return scope.type === "off" ? plainText(scope.reason) : undefined;
}

/** Who asks for a completion has the model loaded for it. */
function startedEngine(supervisor: EngineSupervisor): Promise<EngineStatus> {
  const started = supervisor.started();
  if (supervisor.status.type === "starting") sayMeanwhile("The model is being loaded…", started);
  return started;
}

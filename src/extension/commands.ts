// The table of commands: what each does, and what it says when the engine is not ready for it.

import * as vscode from "vscode";
import type { GhostText } from "../ghostText/ghostText";
import type { Chat } from "./chat/chat";
import { ChatView } from "./chat/chatView";
import type { ChatEndpoint } from "./chat/endpoint/chatEndpoint";
import { ACCEPTED_COMMAND } from "./completion/completionProvider";
import type { CompletionScope } from "./completion/completionScope";
import { languageSwitches, toggleAllLanguages, toggleLanguage } from "./completion/languageSwitches";
import type { Snooze } from "./completion/snooze";
import { fileUriOf } from "./documents/notebookCell";
import type { EngineClient } from "./engineProcess/engineClient";
import type { EngineStatus, EngineSupervisor } from "./engineProcess/engineSupervisor";
import { timeOfDay } from "./phrases";
import type { Reading } from "./repository/reading";
import { readingPhrase } from "./repository/readingSummary";
import { clearStates, importState, pauseReading } from "./repository/repositoryCommands";
import type { RepositorySync } from "./repository/repositorySync";
import { offer, say, sayInPassing, sayMeanwhile } from "./say";
import { isModelBundled } from "./settings/config";
import { EXPLAIN_COMMAND, EXPLAIN_FAILURE_COMMAND, menuGroups } from "./status/menu";
import { showDiagnostics } from "./status/showDiagnostics";
import { plainText } from "./status/status";

export interface CommandContext {
  /** The folder of the model that is used. */
  readonly modelFolder: () => string;
  readonly extension: vscode.Extension<unknown>;
  readonly supervisor: EngineSupervisor;
  readonly client: EngineClient;
  readonly scope: CompletionScope;
  readonly snooze: Snooze;
  readonly ghostText: Pick<GhostText, "failure">;
  readonly reading: Reading;
  readonly repository: RepositorySync;
  readonly chat: Chat;
  readonly endpoint: ChatEndpoint;
  /** Where states are saved. */
  readonly stateFolder: string;
  readonly log: vscode.LogOutputChannel;
}

interface Command {
  readonly needsEngine?: true;
  /** @param parameters what VS Code gives: of a menu the files that it was opened for */
  run(context: CommandContext, ...parameters: unknown[]): unknown;
}

const commands: Readonly<Record<string, Command>> = {
  "griffin.toggleLanguage": { run: ({ log }) => toggleLanguage(log) },
  "griffin.toggleAllLanguages": { run: ({ log }) => toggleAllLanguages(log) },
  "griffin.complete": { run: complete },
  "griffin.snooze": { run: startSnooze },
  "griffin.endSnooze": { run: endSnooze },
  "griffin.tryCompletion": { run: tryCompletion },
  "griffin.openChat": { run: openChat },
  "griffin.addSelectionToChat": { run: addSelectionToChat },
  "griffin.addFileToChat": { run: addFileToChat },
  "griffin.newTopic": { run: startTopic },
  "griffin.clearChat": { run: ({ chat }) => chat.clear() },
  "griffin.setChatEndpointKey": { run: ({ endpoint }) => endpoint.setKey() },
  "griffin.showContext": { run: () => execute("griffin.context.focus") },
  "griffin.pauseReading": { run: ({ reading, log }) => pauseReading(true, reading, log) },
  "griffin.resumeReading": { run: ({ reading, log }) => pauseReading(false, reading, log) },
  "griffin.importState": {
    needsEngine: true,
    run: ({ client, repository, log }) => importState(client, repository.plan.refusal, log),
  },
  "griffin.clearStates": { run: ({ client, stateFolder, log }) => clearStates(client, stateFolder, log) },
  "griffin.unloadModel": { run: unloadModel },
  "griffin.restartEngine": { run: ({ supervisor }) => supervisor.restart() },
  "griffin.showLog": { run: ({ log }) => log.show() },
  "griffin.showDiagnostics": { run: showDiagnostics },
  "griffin.openSettings": { run: ({ extension }) => execute("workbench.action.openSettings", `@ext:${extension.id}`) },
  "griffin.showMenu": { run: showMenu },
  "griffin.getStarted": {
    run: ({ extension }) => execute("workbench.action.openWalkthrough", `${extension.id}#start`),
  },
  [EXPLAIN_FAILURE_COMMAND]: { run: explainNotReady },
  [EXPLAIN_COMMAND]: { run: (_context, reason) => say(String(reason)) },
  [ACCEPTED_COMMAND]: { run: ({ log }) => log.debug("Completion accepted.") },
};

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return Object.entries(commands).map(([id, { needsEngine, run }]) =>
    vscode.commands.registerCommand(id, (...parameters) =>
      needsEngine && context.supervisor.status.type !== "ready"
        ? explainNotReady(context)
        : run(context, ...parameters),
    ),
  );
}

/** Says why where none can come from here: who asked for one would wait for it. Other extensions are asked all the same. */
async function complete(context: CommandContext): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return sayInPassing("open a file, and put the cursor where something is missing.");
  const { selection } = editor;
  const refusal = refusalIn(editor, context);
  if (refusal !== undefined) sayInPassing(refusal);
  // Not waited for: the message stays until it is answered.
  else if ((await startedEngine(context.supervisor)).type !== "ready") void explainNotReady(context);
  // A large model takes minutes to load, and the user has gone elsewhere.
  if (editor !== vscode.window.activeTextEditor || !editor.selection.isEqual(selection)) return;
  await execute("editor.action.inlineSuggest.trigger");
}

function refusalIn({ document, selection }: vscode.TextEditor, context: CommandContext): string | undefined {
  if (!selection.isEmpty)
    return "nothing is completed while text is selected. Put the cursor where something is missing.";
  const scope = context.scope.of(document);
  return scope.type === "off" ? plainText(scope.reason) : undefined;
}

/** For the walkthrough, which VS Code shows when nothing may be open yet: an example with the cursor where something is missing. */
async function tryCompletion(context: CommandContext): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "python", content: EXAMPLE });
  const end = document.positionAt(EXAMPLE.length);
  await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(end, end) });
  await complete(context);
}

/** The same as in media/walkthrough/complete.svg. The bundled model gets it right. */
const EXAMPLE = `def smallest(numbers):
    return min(numbers)


def largest(numbers):
    return `;

/** Who asks for a completion has the model loaded for it. */
function startedEngine(supervisor: EngineSupervisor): Promise<EngineStatus> {
  const started = supervisor.started();
  if (supervisor.status.type === "starting") sayMeanwhile("the model is being loaded…", started);
  return started;
}

function startSnooze({ snooze }: CommandContext): void {
  snooze.start();
  sayInPassing(`completions come only when you ask, until ${timeOfDay(snooze.endsAt!)}.`);
}

function endSnooze({ snooze }: CommandContext): void {
  snooze.stop();
  sayInPassing("the snooze has ended.");
}

async function unloadModel({ supervisor, log }: CommandContext): Promise<void> {
  await supervisor.stop("unloaded");
  log.info("The user has unloaded the model.");
  // Somebody may have asked for something while it went.
  if (!supervisor.isStopped("unloaded")) return;
  sayInPassing("the model is unloaded. It loads again when you ask for a completion or open the chat.");
}

/** Who opens the chat wants to ask: a chat that is in sight already does not see that. */
async function openChat({ supervisor }: CommandContext): Promise<void> {
  supervisor.start();
  await execute(`${ChatView.id}.focus`);
}

async function startTopic(context: CommandContext): Promise<void> {
  context.chat.conversation.startTopic();
  await openChat(context);
}

async function addSelectionToChat(context: CommandContext): Promise<void> {
  context.chat.attachSelection();
  await openChat(context);
}

/** The files of a menu, or the one in front. */
async function addFileToChat(context: CommandContext, file?: vscode.Uri, all?: unknown): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const inFront = file ?? (document && fileUriOf(document));
  if (inFront === undefined) return sayInPassing("open a file first.");
  // An editor's menu gives something else beside its file.
  const chosen: readonly vscode.Uri[] = Array.isArray(all) ? all : [inFront];
  const areFolders = await Promise.all(chosen.map(isFolder));
  if (areFolders.includes(true)) sayInPassing("folders are not added; choose files in them.");
  context.chat.attachFiles(chosen.filter((_, index) => !areFolders[index]));
  await openChat(context);
}

/** What is selected with a file may be a folder. */
async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    // Such as a file that was never saved.
    return false;
  }
}

/** A click on the status item. */
async function showMenu(context: CommandContext): Promise<void> {
  const { supervisor, ghostText, snooze, reading, repository } = context;
  const engine = supervisor.status;
  const groups = menuGroups({
    engine,
    failure: ghostText.failure,
    scope: context.scope.inFront,
    refusal: repository.plan.refusal,
    isTrusted: vscode.workspace.isTrusted,
    languages: languageSwitches(),
    isSnoozed: snooze.endsAt !== undefined,
    readsRepository: repository.plan.workspace.repository.read,
    isReadingPaused: reading.isPaused,
  });
  const separator = { label: "", kind: vscode.QuickPickItemKind.Separator, command: "" };
  const items = groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
  const title = engine.type === "ready" ? `Griffin Code: ${engine.model.displayName}` : "Griffin Code";
  const placeHolder = reading.summary ? `Repository: ${readingPhrase(reading.summary)}` : "What would you like to do?";
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  if (chosen) await execute(chosen.command, ...(chosen.argument === undefined ? [] : [chosen.argument]));
}

/** Also the one notification that a failed start causes by itself. */
export async function explainNotReady({ supervisor }: Pick<CommandContext, "supervisor">): Promise<void> {
  supervisor.start(); // Where it was not needed before.
  const { status } = supervisor;
  if (status.type === "starting") {
    sayInPassing("the model is being loaded; try again in a moment.");
  } else if (status.type === "failed") {
    const restart = "Restart Engine";
    const showLog = "Show Log";
    const choose = "Choose a Model";
    // The bundled one is repaired by installing the extension again; what the user has chosen may be gone for good.
    const actions = [...(isModelBundled() ? [] : [choose]), restart, showLog];
    const chosen = await offer(status.message, actions, "error");
    if (chosen === choose) await execute("griffin.chooseModel");
    if (chosen === restart) await execute("griffin.restartEngine");
    if (chosen === showLog) await execute("griffin.showLog");
  }
}

function execute(command: string, ...parameters: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...parameters);
}

// The table of commands: what each does, and what it says when the engine is not ready for it.

import * as vscode from "vscode";
import type { Chat } from "./chat/chat";
import { addFileToChat, addSelectionToChat, openChat, startTopic } from "./chat/chatCommands";
import type { ChatEndpoint } from "./chat/endpoint/chatEndpoint";
import { complete, endSnooze, explainSnippet, startSnooze, tryCompletion } from "./completion/completionCommands";
import { ACCEPTED_COMMAND } from "./completion/completionProvider";
import { toggleAllLanguages, toggleLanguage } from "./completion/languageSwitches";
import { explainNotReady, unloadModel } from "./engineProcess/engineCommands";
import { clearStates, importState, pauseReading } from "./repository/repositoryCommands";
import { say } from "./say";
import { EXPLAIN_COMMAND, EXPLAIN_FAILURE_COMMAND } from "./status/menu";
import { type DiagnosticsContext, provideDiagnostics, showDiagnostics } from "./status/showDiagnostics";
import { type MenuContext, showMenu } from "./status/showMenu";

export interface CommandContext extends DiagnosticsContext, MenuContext {
  readonly chat: Chat;
  readonly endpoint: ChatEndpoint;
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
  "griffin.complete": {
    // Only the key knows of a snippet: extensions are not told.
    run: ({ supervisor, scope }, where) => (where === "inSnippet" ? explainSnippet() : complete(supervisor, scope)),
  },
  "griffin.snooze": { run: ({ snooze }) => startSnooze(snooze) },
  "griffin.endSnooze": { run: ({ snooze }) => endSnooze(snooze) },
  "griffin.tryCompletion": { run: ({ supervisor, scope }) => tryCompletion(supervisor, scope) },
  "griffin.openChat": { run: ({ supervisor }) => openChat(supervisor) },
  "griffin.addSelectionToChat": { run: ({ chat, supervisor }) => addSelectionToChat(chat, supervisor) },
  "griffin.addFileToChat": {
    run: ({ chat, supervisor }, file, all) => addFileToChat(chat, supervisor, file as vscode.Uri | undefined, all),
  },
  "griffin.newTopic": { run: ({ chat, supervisor }) => startTopic(chat, supervisor) },
  "griffin.clearChat": { run: ({ chat }) => chat.clear() },
  "griffin.setChatEndpointKey": { run: ({ endpoint }) => endpoint.setKey() },
  "griffin.showContext": { run: () => execute("griffin.context.focus") },
  "griffin.pauseReading": { run: ({ reading, log }) => pauseReading(true, reading, log) },
  "griffin.resumeReading": { run: ({ reading, log }) => pauseReading(false, reading, log) },
  "griffin.importState": {
    needsEngine: true,
    run: ({ client, repository, log }) => importState(client, repository.plan.refusal, log),
  },
  "griffin.clearStates": {
    run: ({ client, stateFolder, repository, log }) => {
      const folders = repository.plan.workspace.folders.map(({ path }) => path);
      return clearStates(client, { stateFolder, folders }, log);
    },
  },
  "griffin.unloadModel": { run: ({ supervisor, log }) => unloadModel(supervisor, log) },
  "griffin.restartEngine": { run: ({ supervisor }) => supervisor.restart() },
  "griffin.showLog": { run: ({ log }) => log.show() },
  "griffin.showDiagnostics": { run: showDiagnostics },
  "griffin.openSettings": { run: ({ extension }, query) => openSettings(query ?? `@ext:${extension.id}`) },
  "griffin.showMenu": { run: showMenu },
  "griffin.getStarted": {
    run: ({ extension }) => execute("workbench.action.openWalkthrough", `${extension.id}#start`),
  },
  [EXPLAIN_FAILURE_COMMAND]: { run: ({ supervisor }) => explainNotReady(supervisor) },
  [EXPLAIN_COMMAND]: { run: (_context, reason) => say(String(reason)) },
  [ACCEPTED_COMMAND]: { run: ({ log }) => log.debug("Completion accepted.") },
};

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const registered = Object.entries(commands).map(([id, { needsEngine, run }]) =>
    vscode.commands.registerCommand(id, (...parameters) => {
      const { supervisor } = context;
      if (!needsEngine || supervisor.isReady) return run(context, ...parameters);
      supervisor.start(); // Where it was not needed before.
      return explainNotReady(supervisor);
    }),
  );
  return [...registered, provideDiagnostics(context)];
}

/** In a remote window its own, where all are: VS Code's page of the user's leaves out those of the machine. */
function openSettings(query: unknown): Thenable<unknown> {
  if (vscode.env.remoteName === undefined) return execute("workbench.action.openSettings", query);
  return execute("workbench.action.openRemoteSettings", { query });
}

function execute(command: string, ...parameters: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(command, ...parameters);
}

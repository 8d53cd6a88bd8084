// The extension's entry: builds the parts, wires them, registers them. It waits for nothing.

import * as vscode from "vscode";
import { Alternatives } from "../ghostText/alternatives";
import { GhostText } from "../ghostText/ghostText";
import { Chat } from "./chat/chat";
import { ChatView } from "./chat/chatView";
import { ChatEndpoint } from "./chat/endpoint/chatEndpoint";
import { LanguageModels } from "./chat/languageModels";
import { type Clock, systemClock } from "./clock";
import { registerCommands } from "./commands";
import { CompletionProvider } from "./completion/completionProvider";
import { CompletionRegistration } from "./completion/completionRegistration";
import { CompletionScope } from "./completion/completionScope";
import { Copilot } from "./completion/copilot";
import { CopilotOffer } from "./completion/copilotOffer";
import { EngineNeed } from "./completion/engineNeed";
import { ReadAhead } from "./completion/readAhead";
import { Snooze } from "./completion/snooze";
import { DocumentMirror } from "./documents/documentMirror";
import { DocumentSync } from "./documents/documentSync";
import { Emitter } from "./emitter";
import { EngineClient } from "./engineProcess/engineClient";
import { explainNotReady } from "./engineProcess/engineCommands";
import { EngineMemory } from "./engineProcess/engineMemory";
import { type EngineProcess, forkEngine } from "./engineProcess/engineProcess";
import { EngineRest } from "./engineProcess/engineRest";
import { hasRoomFor } from "./engineProcess/engineRoom";
import { type EngineSettings, type EngineStatus, EngineSupervisor } from "./engineProcess/engineSupervisor";
import { EngineWatch } from "./engineProcess/engineWatch";
import type { Log } from "./log";
import { offerInterrupted, registerModelCommands } from "./models/modelCommands";
import { modelJobs } from "./models/modelJob";
import { ModelManager } from "./models/modelManager";
import { RecordTyping } from "./recording/recordTyping";
import { isOnBattery } from "./repository/battery";
import { BatteryWatch } from "./repository/batteryWatch";
import { ContextView } from "./repository/contextView";
import { Reading } from "./repository/reading";
import { RepositorySync } from "./repository/repositorySync";
import { SourceChoices } from "./repository/sourceChoices";
import { ViewedLines } from "./repository/viewedLines";
import { say } from "./say";
import {
  BUNDLED_MODEL,
  engineThreads,
  hasUnloadMinutes,
  modelFolder,
  pausesOnBattery,
  unloadAfterMinutes,
} from "./settings/config";
import { keepContextKeys } from "./status/contextKeys";
import { StatusBar } from "./status/statusBar";

/** For the tests that run inside the editor, and nobody else: it reaches keys and tokens. */
export interface GriffinApi {
  engineStatus(): EngineStatus;
  enginePid(): number | undefined;
  /** Whether the engine's copy of the document is at the document's version. */
  isMirrored(document: vscode.TextDocument): boolean;
  /** What the status item says about documents of this kind and size, when it says no. */
  refusalOf(document: vscode.TextDocument): string | undefined;
  readonly provider: CompletionProvider;
  readonly chat: Chat;
  readonly chatEndpoint: ChatEndpoint;
  readonly languageModels: LanguageModels;
  readonly contextView: ContextView;
  readonly modelManager: ModelManager;
}

/** Set in the environment of such tests. What `activate` returns, VS Code gives to every extension that asks. */
const TEST_API = "GRIFFIN_TEST_API";

let stopEngine: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): GriffinApi | undefined {
  const api = wire(context, {
    clock: systemClock,
    launch: (log) => forkEngine(context.asAbsolutePath("dist/engine.js"), log),
    isOnBattery,
    hasRoomFor,
  });
  return process.env[TEST_API] === undefined ? undefined : api;
}

/** VS Code waits for this before it ends the extension host. */
export async function deactivate(): Promise<void> {
  await stopEngine?.();
}

/** What the extension is told of time, and does with processes. */
export interface Machine {
  readonly clock: Clock;
  launch(log: Log): EngineProcess;
  isOnBattery(): Promise<boolean>;
  /** Whether the memory of an engine is not missed that took so much when the model was loaded. */
  hasRoomFor(loadedBytes: number): Promise<boolean>;
}

/** Exported for its test, which has an engine and a time of its own. */
export function wire(context: vscode.ExtensionContext, machine: Machine): GriffinApi {
  const { clock, launch, isOnBattery, hasRoomFor } = machine;
  const log = vscode.window.createOutputChannel("Griffin Code", { log: true });
  const supervisor = new EngineSupervisor(
    () => launch(log),
    () => engineSettings(context),
    clock,
    log,
  );
  stopEngine = () => supervisor.stop();
  notifyOfFailures(supervisor);

  const client = new EngineClient(supervisor);
  if (!isDebugged(context)) new EngineWatch({ supervisor, client, clock, log });
  const memory = new EngineMemory(supervisor);
  const mirror = new DocumentMirror(supervisor, log);
  const sync = new DocumentSync(mirror);
  supervisor.onReady.on(() => mirror.resendAll());
  const onFailure = new Emitter<void>();
  const ghostText = new GhostText(
    client,
    clock,
    log,
    () => onFailure.fire(),
    () => batteryWatch.isOnBattery,
  );
  supervisor.onReady.on(() => ghostText.engineStarted());
  sync.onClose.on((uri) => ghostText.documentClosed(uri));

  const reading = new Reading(supervisor);
  const stateFolder = savedStatesFolder(context);
  const choices = new SourceChoices(
    context.workspaceState,
    (message) => supervisor.send(message),
    (sentence) => say(sentence, "warning"),
  );
  choices.onChange.on(() => ghostText.forget());
  const repository = new RepositorySync({ supervisor, reading, choices, stateFolder, clock });

  const batteryWatch = new BatteryWatch({
    isWanted: pausesOnBattery,
    isNeeded: () => {
      const { type } = supervisor.status;
      return type === "starting" || type === "ready";
    },
    isOnBattery,
    reading,
    clock,
  });
  supervisor.onStatus.on(() => void batteryWatch.look());

  const contextView = new ContextView({ supervisor, client, choices, repository, clock, log });

  const runJob = modelJobs(context.asAbsolutePath("dist/modelJobs.js"), log);
  const modelManager = new ModelManager({ context, supervisor, reading, runJob, log });

  const snooze = new Snooze(clock);
  const scope = new CompletionScope(sync, snooze);
  const copilot = new Copilot(supervisor);
  keepContextKeys({ supervisor, reading, repository, snooze });
  const alternatives = new Alternatives(ghostText, client, clock);
  const provider = new CompletionProvider({ supervisor, ghostText, alternatives, sync, snooze });
  sync.onEdit.on((edit) => {
    ghostText.documentChanged(edit.uri, edit.version, edit.edits);
    provider.edited(edit);
  });
  const endpoint = new ChatEndpoint({ context, client, log });
  const store = context.workspaceState;
  const chat = new Chat({ supervisor, client, endpoint, repository, reading, store, log, clock });
  const rest = new EngineRest({
    supervisor,
    isAtWork: () => client.isBusy || reading.isGoingOn || chat.conversation.isAnswering,
    afterMinutes: unloadAfterMinutes,
    mayStay: async ({ residentBytes }) => !hasUnloadMinutes() && hasRoomFor(residentBytes),
    clock,
    log,
  });
  client.onBusy.on(() => rest.worked());
  rest.windowFocused(vscode.window.state.focused);
  const chatView = new ChatView(context.extensionUri, chat);
  const languageModels = new LanguageModels({
    supervisor,
    client,
    modelFolder: () => engineSettings(context).modelFolder,
  });
  context.subscriptions.push(
    log,
    sync,
    snooze,
    scope,
    copilot,
    new EngineNeed({ supervisor, scope }),
    repository,
    batteryWatch,
    contextView,
    chat,
    chatView,
    languageModels,
    new ViewedLines({ supervisor, sync, clock }),
    new StatusBar({ supervisor, client, memory, ghostText, onFailure, scope, copilot, reading, repository, clock }),
    new ReadAhead({
      supervisor,
      ghostText,
      sync,
      scope,
      onRequest: provider.onRequest,
      isOnBattery: () => batteryWatch.isOnBattery,
      clock,
    }),
    new CopilotOffer({ supervisor, scope, copilot, store: context.globalState, log }),
    new CompletionRegistration({ provider, scope, clock }),
    vscode.window.registerWebviewViewProvider(ChatView.id, chatView),
    restartOnNewSettings(supervisor),
    rest,
    vscode.window.onDidChangeWindowState(({ focused }) => rest.windowFocused(focused)),
    vscode.workspace.onDidChangeConfiguration(
      (event) => event.affectsConfiguration("griffin.repository.pauseOnBattery") && batteryWatch.look(),
    ),
    ...registerCommands({
      extension: context.extension,
      modelFolder: () => engineSettings(context).modelFolder,
      supervisor,
      client,
      ghostText,
      scope,
      snooze,
      reading,
      repository,
      chat,
      endpoint,
      stateFolder,
      log,
    }),
    ...registerModelCommands(modelManager, supervisor, log),
    new RecordTyping(sync, clock),
  );
  void offerInterrupted(modelManager, supervisor, log);
  log.info(`Griffin Code ${context.extension.packageJSON.version} active.`);
  return {
    engineStatus: () => supervisor.status,
    enginePid: () => supervisor.pid,
    isMirrored: ({ uri, version }) => mirror.isMirrored(uri.toString(), version),
    refusalOf: ({ uri }) => mirror.refusalOf(uri.toString()),
    provider,
    chat,
    chatEndpoint: endpoint,
    languageModels,
    contextView,
    modelManager,
  };
}

function engineSettings(context: vscode.ExtensionContext): EngineSettings {
  return {
    modelFolder: modelFolder(context.asAbsolutePath(BUNDLED_MODEL)),
    threads: engineThreads(),
    tuningFolder: vscode.Uri.joinPath(context.globalStorageUri, "engine").fsPath,
  };
}

/** An engine that stands at a breakpoint answers as little as one that hangs. */
function isDebugged({ extensionMode }: vscode.ExtensionContext): boolean {
  return extensionMode === vscode.ExtensionMode.Development || Boolean(process.env.GRIFFIN_ENGINE_INSPECT);
}

/** One for all workspaces: two windows on one folder share its state, and one budget holds for all. */
function savedStatesFolder(context: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(context.globalStorageUri, "states").fsPath;
}

/** Also when trust is given to a workspace, which puts its restricted settings into force. */
function restartOnNewSettings(supervisor: EngineSupervisor): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("griffin")) supervisor.settingsChanged();
  });
}

/** One notification when the engine cannot start or go on; the next only after it has been ready again. */
function notifyOfFailures(supervisor: EngineSupervisor): void {
  let isNotified = false;
  supervisor.onStatus.on(({ type }) => {
    if (type === "ready") isNotified = false;
    if (type !== "failed" || isNotified) return;
    isNotified = true;
    void explainNotReady(supervisor);
  });
}

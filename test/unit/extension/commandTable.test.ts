// Each command does what its name says: what VS Code, the engine or the user sees of it where the whole extension is wired.

import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { settled } from "../../support/fakeClock";
import { executedCommands, FakeDocument, registeredCommands } from "../../support/fakeVscode";
import { declaredCommands } from "../../support/manifest";
import { useTemporaryFolder, writeFiles } from "../../support/temporaryFolder";
import { WiredWindow } from "./wiredWindow";

interface Row {
  readonly command: string;
  /** In the test's title. */
  readonly where?: string;
  /** What is so before the extension begins, with an engine that is then ready. */
  readonly given?: (wired: WiredWindow) => unknown;
  readonly isStarting?: true;
  readonly find: (wired: WiredWindow, run: (...parameters: readonly unknown[]) => unknown) => unknown;
  readonly finds: unknown;
}

const FOCUS_CHAT = ["griffin.chat.focus"];

const ROWS: readonly Row[] = [
  {
    command: "complete",
    find: executed,
    finds: [["editor.action.inlineSuggest.trigger"]],
  },
  {
    command: "tryCompletion",
    given: opensDocuments,
    find: async (wired, run) => [await executed(wired, run), opened.splice(0)],
    finds: [[["editor.action.inlineSuggest.trigger"]], ["python"]],
  },
  {
    command: "toggleLanguage",
    find: enabled,
    finds: { python: false },
  },
  {
    command: "toggleAllLanguages",
    find: enabled,
    finds: { "*": false },
  },
  {
    command: "snooze",
    find: executed,
    finds: [["setContext", "griffin.isSnoozed", true]],
  },
  {
    command: "endSnooze",
    async find(wired, run) {
      await runCommand("snooze");
      return executed(wired, run);
    },
    finds: [["setContext", "griffin.isSnoozed", false]],
  },
  { command: "openChat", find: executed, finds: [FOCUS_CHAT] },
  {
    command: "addSelectionToChat",
    async find(wired, run) {
      wired.window.selectAll(wired.document);
      return [await attached(wired, run), executedCommands];
    },
    finds: [["#a.py:1"], [FOCUS_CHAT]],
  },
  {
    command: "addFileToChat",
    find: async (wired, run) => [await attached(wired, run), executedCommands],
    finds: [["@a.py"], [FOCUS_CHAT]],
  },
  {
    command: "newTopic",
    async find(wired, run) {
      await ask(wired);
      return [await executed(wired, run), roles(wired)];
    },
    finds: [[FOCUS_CHAT], ["user", "model", "divider"]],
  },
  {
    command: "clearChat",
    async find(wired, run) {
      await ask(wired);
      await run();
      return roles(wired);
    },
    finds: [],
  },
  {
    command: "setChatEndpointKey",
    given: (wired) => {
      wired.workspace.set("griffin.chat.endpoint", "http://localhost:8000/v1");
      showsBoxes(wired);
    },
    find: shown,
    finds: ["Key of localhost:8000"],
  },
  { command: "showContext", find: executed, finds: [["griffin.context.focus"]] },
  { command: "pauseReading", find: pauseReason, finds: "You paused it." },
  {
    command: "resumeReading",
    async find(wired, run) {
      await runCommand("pauseReading");
      return [pauseReason(wired), pauseReason(wired, run)];
    },
    finds: ["You paused it.", undefined],
  },
  {
    command: "importState",
    given: choosesState,
    async find(wired, run) {
      void run();
      await settled();
      return wired.told("importState").map(({ folder, file }) => [folder, file]);
    },
    finds: [["/work", "/states/work"]],
  },
  {
    command: "importState",
    where: "where no engine is ready",
    given: choosesState,
    isStarting: true,
    async find(wired, run) {
      await run();
      await wired.getReady();
      return [wired.told("importState"), wired.said];
    },
    finds: [[], ["Griffin: The model is being loaded; try again in a moment."]],
  },
  {
    command: "importState",
    where: "where nothing has needed an engine yet",
    given(wired) {
      choosesState(wired);
      wired.window.activeTextEditor = undefined;
    },
    isStarting: true,
    find: async (wired, run) => [wired.engines.length, await run(), wired.engines.length],
    finds: [0, undefined, 1],
  },
  { command: "clearStates", find: (wired, run) => clearStates(wired, run, true), finds: 1 },
  {
    command: "clearStates",
    where: "where the user would rather not",
    find: (wired, run) => clearStates(wired, run, false),
    finds: 0,
  },
  {
    command: "chooseModel",
    given: showsBoxes,
    async find(wired, run) {
      Object.assign(wired.api.modelManager, { probe: async () => undefined });
      return shown(wired, run);
    },
    finds: ["Griffin: Choose a Model"],
  },
  { command: "addModelFromFolder", given: showsBoxes, find: shown, finds: ["Griffin: Add a Model from a Folder"] },
  {
    command: "setHubToken",
    given: showsBoxes,
    find: shown,
    finds: ["Access token of huggingface.co"],
  },
  { command: "verifyModel", given: showsBoxes, find: shown, finds: ["Griffin: Check a Model's Files"] },
  { command: "repairModel", given: hasModel, find: shown, finds: ["Griffin: Repair a Model"] },
  { command: "removeModel", given: hasModel, find: shown, finds: ["Griffin: Remove a Model"] },
  {
    command: "unloadModel",
    async find(wired, run) {
      await run();
      return wired.api.engineStatus();
    },
    finds: { type: "stopped", why: "unloaded" },
  },
  {
    command: "restartEngine",
    async find(wired, run) {
      await run();
      return wired.engines.map(({ isKilled }) => isKilled);
    },
    finds: [true, false],
  },
  {
    command: "showLog",
    async find(wired, run) {
      await run();
      return wired.timesLogShown;
    },
    finds: 1,
  },
  {
    command: "showDiagnostics",
    where: "in a document that only the extension writes, which VS Code closes without a question",
    given: providesDocuments,
    async find(_wired, run) {
      await run();
      return opened.splice(0).map((text) => String(text).split("\n")[0]);
    },
    finds: ["# Griffin Code: diagnostics"],
  },
  {
    command: "openSettings",
    find: executed,
    finds: [["workbench.action.openSettings", "@ext:griffin.griffin-code"]],
  },
  {
    command: "openSettings",
    where: "of the models",
    find: (wired, run) => executed(wired, () => run("griffin.models")),
    finds: [["workbench.action.openSettings", "griffin.models"]],
  },
  {
    command: "openSettings",
    where: "in a remote window, where VS Code's page of the user's settings leaves out those of the machine",
    given: () => Object.assign(vscode.env, { remoteName: "ssh-remote" }),
    find: executed,
    finds: [["workbench.action.openRemoteSettings", { query: "@ext:griffin.griffin-code" }]],
  },
  {
    command: "recordTyping",
    find: executed,
    finds: [["setContext", "griffin.isRecordingTyping", true]],
  },
  {
    command: "stopRecordingTyping",
    given: ({ window }) => Object.assign(window, { showSaveDialog: async () => {} }),
    async find(wired, run) {
      await runCommand("recordTyping");
      return executed(wired, run);
    },
    finds: [["setContext", "griffin.isRecordingTyping", false]],
  },
  {
    command: "getStarted",
    find: executed,
    finds: [["workbench.action.openWalkthrough", "griffin.griffin-code#start"]],
  },
  {
    command: "showMenu",
    given: ({ window }) => Object.assign(window, { showQuickPick: async ([first]: readonly unknown[]) => first }),
    find: executed,
    finds: [["griffin.complete"]],
  },
];

/** They need a change that is shown: chat/proposedChanges.test.ts. */
const ELSEWHERE = ["acceptChange", "discardChange"];

/** Titles of what asks for something, and of documents that were opened the language, or the text. */
const titles: unknown[] = [];
const opened: unknown[] = [];

describe("the command", () => {
  const storage = useTemporaryFolder();
  let wired: WiredWindow;
  afterEach(() => wired.end());

  for (const { command, where = "", given, isStarting, find, finds } of ROWS) {
    it(`${command} ${where}`.trim(), async () => {
      registeredCommands.clear();
      wired = new WiredWindow(storage(), ["file:///work"]);
      await given?.(wired);
      await wired.begin();
      if (!isStarting) await wired.getReady();
      executedCommands.length = 0;
      const found = await find(wired, (...parameters) => runCommand(command, ...parameters));
      assert.deepEqual(JSON.parse(JSON.stringify([found])), JSON.parse(JSON.stringify([finds])));
    });
  }
});

it("every command of package.json is in the table, or named as tested elsewhere", () => {
  const tested = [...new Set(ROWS.map(({ command }) => command)), ...ELSEWHERE].map((name) => `griffin.${name}`);
  assert.deepEqual(tested.sort(), [...declaredCommands].sort());
});

async function runCommand(name: string, ...parameters: readonly unknown[]): Promise<void> {
  await registeredCommands.get(`griffin.${name}`)!(...parameters);
}

/** What the command has VS Code do. */
async function executed(_wired: WiredWindow, run: () => unknown): Promise<unknown> {
  executedCommands.length = 0;
  await run();
  return executedCommands;
}

/** The titles of what the command asks for. */
async function shown(_wired: WiredWindow, run: () => unknown): Promise<unknown> {
  await run();
  return titles.splice(0);
}

/** Nobody answers what is asked for. */
function showsBoxes({ window }: WiredWindow): void {
  const noteTitle = async ({ title }: { readonly title: string }) => void titles.push(title);
  const showQuickPick = (_items: unknown, options: { readonly title: string }) => noteTitle(options);
  Object.assign(window, { showInputBox: noteTitle, showOpenDialog: noteTitle, showQuickPick });
}

async function hasModel(wired: WiredWindow): Promise<void> {
  showsBoxes(wired);
  const about = JSON.stringify({ formatVersion: 1, displayName: "Mine", files: {} });
  await writeFiles(wired.context.globalStorageUri.fsPath, { "models/mine-int8/model.json": about });
}

function choosesState({ window }: WiredWindow): void {
  Object.assign(window, { showOpenDialog: async () => [{ fsPath: "/states/work" }] });
}

function opensDocuments({ workspace, window }: WiredWindow): void {
  Object.assign(workspace, {
    async openTextDocument({ language, content }: { readonly language: string; readonly content: string }) {
      opened.push(language);
      return new FakeDocument("untitled:Untitled-1", content);
    },
  });
  Object.assign(window, { showTextDocument: async () => {} });
}

/** Those that can be opened are the extension's own. */
function providesDocuments({ workspace, window }: WiredWindow): void {
  const providers = new Map<string, vscode.TextDocumentContentProvider>();
  Object.assign(workspace, {
    registerTextDocumentContentProvider(scheme: string, provider: vscode.TextDocumentContentProvider) {
      providers.set(scheme, provider);
      return { dispose() {} };
    },
    async openTextDocument(uri: vscode.Uri) {
      opened.push(await providers.get(uri.scheme)!.provideTextDocumentContent(uri, undefined as never));
    },
  });
  Object.assign(window, { showTextDocument: async () => {} });
}

async function enabled({ workspace }: WiredWindow, run: () => unknown): Promise<unknown> {
  await run();
  return workspace.getConfiguration("griffin").inspect("enable").globalValue;
}

function pauseReason(wired: WiredWindow, run: () => unknown = () => {}): string | undefined {
  void run();
  return wired.told("pauseReading").at(-1)?.reason;
}

async function clearStates(wired: WiredWindow, run: () => unknown, isWanted: boolean): Promise<number> {
  void run();
  const { buttons, choose } = wired.window.messages[0]!;
  const [, clear] = buttons as readonly string[];
  choose(isWanted ? clear : undefined);
  await settled();
  return wired.told("clearStates").length;
}

/** A question that the engine cannot answer. */
async function ask(wired: WiredWindow): Promise<void> {
  const asked = wired.api.chat.ask("What is a?");
  // Nobody looks through the repository here, and no question waits for that for long.
  await wired.clock.advance(60_000);
  const { id } = wired.told("chat")[0]!;
  wired.engine.say({ type: "result", of: "chat", id, result: { type: "failed", message: "It is unknown." } });
  await asked;
}

function roles({ api }: WiredWindow): readonly string[] {
  return api.chat.conversation.entries.map(({ role }) => role);
}

/** What the next question will come with. */
async function attached({ api }: WiredWindow, run: () => unknown): Promise<unknown> {
  let labels: readonly string[] = [];
  api.chat.onToPage.on((message) => {
    if (message.type === "state") labels = message.chips.attachments.map(({ label }) => label);
  });
  await run();
  return labels;
}

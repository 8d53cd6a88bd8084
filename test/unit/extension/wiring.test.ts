// The lines of main.ts that join the parts. Each part has tests of its own, which hold also where nothing joins it to the others.

import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import * as vscode from "vscode";
import { deactivate } from "../../../src/extension/main";
import {
  accounts,
  executedCommands,
  otherExtensions,
  registeredCommands,
  registeredFilters,
  signIn,
} from "../../support/fakeVscode";
import { useTemporaryFolder, writeFiles } from "../../support/temporaryFolder";
import { positionAt, WiredWindow } from "./wiredWindow";

interface Wire {
  /** Open when the extension begins. */
  readonly folders?: readonly string[];
  /** What is so before it begins. */
  readonly given?: (wired: WiredWindow) => unknown;
  /** The engine is not ready before something is done. */
  readonly isStarting?: true;
  /** Does something at one end of the wire, and looks at the other. */
  readonly find: (wired: WiredWindow) => unknown;
  readonly finds: unknown;
}

const MINUTE_MS = 60_000;
const FOLDERS = ["file:///work"];
const ON_BATTERY = "This machine is running on battery.";

const WIRES: Readonly<Record<string, Wire>> = {
  "a document that gets completions has the engine started": {
    isStarting: true,
    find: ({ engines }) => engines.length,
    finds: 1,
  },
  "the engine gets the model, the threads and a folder for what it measures": {
    given: ({ workspace }) => {
      workspace.set("griffin.model.path", resolve("/models/own"));
      workspace.set("griffin.engine.threads", 1);
    },
    find: (wired) => wired.told("start").map(({ modelFolder, options }) => [modelFolder, options]),
    finds: [[resolve("/models/own"), { threads: 1, tuningFolder: "STORAGE/engine" }]],
  },
  "other settings start the engine again": {
    async find({ workspace, clock, engines }) {
      workspace.set("griffin.engine.threads", 1);
      await clock.advance(MINUTE_MS);
      return engines.length;
    },
    finds: 2,
  },
  "an engine that cannot go on is told of once": {
    find(wired) {
      for (let time = 0; time < 2; time++) wired.engine.say({ type: "failed", message: "There is no model." });
      return wired.said;
    },
    finds: ["Griffin: There is no model."],
  },
  "an engine that cannot go on is told of again once there was one that could": {
    async find(wired) {
      wired.engine.say({ type: "failed", message: "There is no model." });
      await registeredCommands.get("griffin.restartEngine")!();
      await wired.getReady();
      wired.engine.say({ type: "failed", message: "It is damaged." });
      return wired.said;
    },
    finds: ["Griffin: There is no model.", "Griffin: It is damaged."],
  },
  "the engine ends with the extension": {
    async find({ engine }) {
      await deactivate();
      return engine.isKilled;
    },
    finds: true,
  },
  "an engine that hangs is ended": {
    async find(wired) {
      wired.engine.isHanging = true;
      void wired.ask();
      await wired.clock.advance(2 * MINUTE_MS);
      return wired.engines[0]!.isKilled;
    },
    finds: true,
  },
  "an engine that stands at a breakpoint is not": {
    given: ({ context }) => {
      context.extensionMode = vscode.ExtensionMode.Development;
    },
    async find(wired) {
      wired.engine.isHanging = true;
      void wired.ask();
      await wired.clock.advance(2 * MINUTE_MS);
      return wired.engines[0]!.isKilled;
    },
    finds: false,
  },
  "what is open is told to each engine": {
    async find(wired) {
      await wired.crash();
      return wired.engines.map(({ documents }) => [...documents.keys()]);
    },
    finds: [["file:///work/a.py"], ["file:///work/a.py"]],
  },
  "what is suggested is known while the user types it": {
    async find(wired) {
      await wired.suggest("bc");
      await wired.type("b");
      return wired.requestsForNext();
    },
    finds: 0,
  },
  "what an engine has suggested is not known any more when there is another": {
    async find(wired) {
      await wired.suggest("bc");
      await wired.crash();
      return wired.requestsForNext();
    },
    finds: 1,
  },
  "what is suggested in a document is not known of another one under its name": {
    async find(wired) {
      await wired.suggest("bc");
      wired.workspace.close(wired.document);
      wired.workspace.open(wired.document);
      return wired.requestsForNext();
    },
    finds: 1,
  },
  "what is suggested is not known any more when a source is switched off": {
    async find(wired) {
      await wired.suggest("bc");
      switchOffMemory(wired);
      return wired.requestsForNext();
    },
    finds: 1,
  },
  "a key is told of before VS Code asks because of it": {
    async find(wired) {
      await wired.suggest();
      const before = wired.engine.requests;
      await wired.type(".");
      return wired.engine.requests - before;
    },
    finds: 1,
  },
  "the engine is told what the editor in front indents with": {
    async find(wired) {
      void wired.ask();
      await wired.clock.advance(1000);
      return wired.told("complete").map(({ params }) => params.indentUnit);
    },
    finds: ["\t"],
  },
  "the engine is told when VS Code gives up because of a key within a word": {
    async find(wired) {
      wired.workspace.set("editor.quickSuggestions", { other: "offWhenInlineCompletions" });
      for (const key of ["b", "."]) {
        await wired.type(key);
        void wired.ask();
        await wired.clock.advance(1000);
      }
      return wired.told("complete").map(({ params }) => params.answerBy !== undefined);
    },
    finds: [true, false],
  },
  "a completion that fails is seen in the status bar": {
    async find(wired) {
      const before = wired.statusItem.text;
      void wired.ask();
      await wired.clock.advance(0);
      const { id } = wired.engine.asked!;
      const failed = { type: "failed", message: "It is out of memory." } as const;
      wired.engine.say({ type: "result", of: "complete", id, result: failed });
      await wired.clock.advance(0);
      return wired.statusItem.text === before;
    },
    finds: false,
  },
  "a source that is switched off is told to the engine, and kept for this workspace": {
    find(wired) {
      switchOffMemory(wired);
      const { workspaceState, globalState } = wired.context;
      return [wired.told("useSource").length, ...[workspaceState, globalState].map(({ values }) => values.size)];
    },
    finds: [1, 1, 0],
  },
  "a chat is kept for this workspace": {
    async find(wired) {
      const asked = wired.api.chat.ask("What is a?");
      await wired.clock.advance(0);
      const [{ id } = { id: 0 }] = wired.told("chat");
      wired.engine.say({ type: "result", of: "chat", id, result: { type: "failed", message: "It is unknown." } });
      await asked;
      const { workspaceState, globalState } = wired.context;
      return [workspaceState, globalState].map(({ values }) => JSON.stringify([...values]).includes("What is a?"));
    },
    finds: [true, false],
  },
  "what is read of the repository is saved in the storage for all workspaces": {
    folders: FOLDERS,
    find: (wired) => wired.told("workspace").map(({ stateFolder }) => stateFolder),
    finds: ["STORAGE/states"],
  },
  "reading waits on battery": {
    folders: FOLDERS,
    given: (wired) => {
      wired.isOnBattery = true;
    },
    find: pauseReason,
    finds: ON_BATTERY,
  },
  "reading waits on battery also in a folder that is opened later": {
    given: (wired) => {
      wired.isOnBattery = true;
    },
    async find(wired) {
      wired.workspace.addFolder(FOLDERS[0]!);
      await wired.clock.advance(0);
      return pauseReason(wired);
    },
    finds: ON_BATTERY,
  },
  "reading goes on as soon as the setting says that it need not wait": {
    folders: FOLDERS,
    given: (wired) => {
      wired.isOnBattery = true;
    },
    find(wired) {
      wired.workspace.set("griffin.repository.pauseOnBattery", false);
      return pauseReason(wired);
    },
    finds: undefined,
  },
  "what is read ahead waits on battery until the cursor stays": {
    given: (wired) => {
      wired.isOnBattery = true;
    },
    async find(wired) {
      const before = wired.told("prepare").length;
      wired.window.moveCursor();
      await wired.clock.advance(999);
      const soon = wired.told("prepare").length;
      await wired.clock.advance(1);
      return [soon - before, wired.told("prepare").length - soon];
    },
    finds: [0, 1],
  },
  "the next line is written ahead": {
    find: writtenAhead,
    finds: ["(b)", "\n"],
  },
  "the next line is not written ahead on battery": {
    given: (wired) => {
      wired.isOnBattery = true;
    },
    find: writtenAhead,
    finds: ["(b)"],
  },
  "nobody looks at the battery while there is no engine": {
    folders: FOLDERS,
    given: ({ window }) => {
      window.activeTextEditor = undefined;
    },
    isStarting: true,
    find: ({ looksAtBattery }) => looksAtBattery,
    finds: 0,
  },
  "nobody looks at the battery where reading need not wait": {
    folders: FOLDERS,
    given: ({ workspace }) => workspace.set("griffin.repository.pauseOnBattery", false),
    find: ({ looksAtBattery }) => looksAtBattery,
    finds: 0,
  },
  "a window that loses the keyboard has its model unloaded after a while": {
    find: async (wired) => [await leave(wired, 14), await leave(wired, 2)],
    finds: ["ready", "stopped"],
  },
  "a window that loses the keyboard keeps a model for longer whose memory is not missed": {
    given: (wired) => {
      wired.hasRoom = true;
    },
    find: async (wired) => [await leave(wired, 59), await leave(wired, 2)],
    finds: ["ready", "stopped"],
  },
  "a window that loses the keyboard has its model unloaded after just the minutes that are set": {
    given: (wired) => {
      wired.hasRoom = true;
      wired.workspace.set("griffin.engine.unloadAfterMinutes", 15);
    },
    find: (wired) => leave(wired, 16),
    finds: "stopped",
  },
  "a window that gets the keyboard has its model loaded again": {
    async find(wired) {
      await leave(wired, 16);
      wired.window.focus(true);
      await wired.clock.advance(0);
      return wired.engines.length;
    },
    finds: 2,
  },
  "a window that never had the keyboard has its model unloaded, too": {
    isStarting: true,
    given: ({ window }) => window.focus(false),
    async find(wired) {
      wired.window.moveCursor();
      await wired.getReady();
      await wired.clock.advance(16 * MINUTE_MS);
      return wired.api.engineStatus().type;
    },
    finds: "stopped",
  },
  "the model is unloaded as soon as the setting says": {
    given: ({ workspace }) => workspace.set("griffin.engine.unloadAfterMinutes", 5),
    find: (wired) => leave(wired, 6),
    finds: "stopped",
  },
  "the model is not unloaded soon after something was asked of it": {
    async find(wired) {
      await leave(wired, 14);
      await wired.suggest("bc");
      return [await leave(wired, 14), await leave(wired, 2)];
    },
    finds: ["ready", "stopped"],
  },
  "the model is not unloaded while it is read": {
    folders: FOLDERS,
    async find(wired) {
      const progress = { phase: "reading", filesRead: 1, filesTotal: 2, tokens: 1 } as const;
      wired.engine.say({ type: "reading", progress: { folder: "/work", ...progress }, residentBytes: 1 });
      return leave(wired, 60);
    },
    finds: "ready",
  },
  "the model is not unloaded while it completes": {
    async find(wired) {
      void wired.ask();
      return leave(wired, 60);
    },
    finds: "ready",
  },
  "the model is not unloaded while a question waits for the user": {
    given: ({ workspace }) => workspace.set("griffin.chat.endpoint", "http://localhost:8000/v1"),
    async find(wired) {
      void wired.api.chat.ask("What is a?");
      await wired.clock.advance(0);
      return [wired.said.length, await leave(wired, 60)];
    },
    finds: [1, "ready"],
  },
  "the lines in sight are told to the engine": {
    async find(wired) {
      await wired.clock.advance(MINUTE_MS);
      return wired.told("viewed").map(({ uri, startLine, endLine }) => [uri, startLine, endLine]);
    },
    finds: [["file:///work/a.py", 3, 6]],
  },
  "what stands where the cursor rests is read ahead": {
    async find(wired) {
      const before = wired.told("prepare").length;
      wired.window.moveCursor();
      await wired.clock.advance(MINUTE_MS);
      return wired.told("prepare").length - before;
    },
    finds: 1,
  },
  "what is written ahead ends where the cursor rests elsewhere": {
    async find(wired) {
      await wired.suggest("bc");
      const isWritten = [wired.engine.askedAhead !== undefined];
      for (const active of [wired.document.getText().length, 0].map(positionAt)) {
        wired.editor.selection.active = active;
        wired.window.moveCursor();
        await wired.clock.advance(1000);
        isWritten.push(wired.engine.askedAhead !== undefined);
      }
      return isWritten;
    },
    finds: [true, true, false],
  },
  "what stands where the cursor rests is read ahead also for who asks": {
    given: ({ workspace }) => workspace.set("griffin.completion.trigger", "manual"),
    async find(wired) {
      const before = wired.told("prepare").length;
      void wired.ask(true);
      wired.window.moveCursor();
      await wired.clock.advance(MINUTE_MS);
      return [before, wired.told("prepare").length];
    },
    finds: [0, 1],
  },
  "completions are registered for the documents that get some": {
    async find({ workspace, clock }) {
      const registered = [[...registeredFilters]];
      workspace.set("griffin.enable", { python: false });
      await clock.advance(1000);
      registered.push([...registeredFilters]);
      return registered;
    },
    finds: [[{ scheme: "file", language: "python" }], []],
  },
  "beside GitHub Copilot the user is asked once which of them stays": {
    given: () => {
      otherExtensions.add("GitHub.copilot");
      signIn("github", true);
    },
    find: ({ said, context }) => [said.length, /Copilot/.test(said[0] ?? ""), [...context.globalState.values.keys()]],
    finds: [1, true, ["griffin.askedAboutCopilot"]],
  },
  "VS Code is told how the engine stands": {
    given: () => void executedCommands.splice(0),
    find: () => executedCommands.findLast(([, key]) => key === "griffin.engineStatus"),
    finds: ["setContext", "griffin.engineStatus", "ready"],
  },
  "an installation that was interrupted is offered again": {
    given: ({ context }) =>
      writeFiles(context.globalStorageUri.fsPath, { "models/.installing": "recurrentgemma-2b-int8" }),
    async find({ window, isInformed }) {
      await isInformed;
      return window.messages.map(({ text, buttons }) => [/was interrupted/.test(text), buttons]);
    },
    finds: [[true, ["Go On"]]],
  },
};

describe("wiring", () => {
  const storage = useTemporaryFolder();
  let wired: WiredWindow;
  afterEach(async () => {
    await wired.end();
    otherExtensions.clear();
    accounts.clear();
  });

  for (const [title, { folders = [], given, isStarting, find, finds }] of Object.entries(WIRES)) {
    it(title, async () => {
      wired = new WiredWindow(storage(), folders);
      await given?.(wired);
      await wired.begin();
      if (!isStarting) await wired.getReady();
      assert.deepEqual(inStorage(await find(wired)), finds);
    });
  }

  /** As the table names the paths in it. */
  function inStorage(found: unknown): unknown {
    if (found === undefined) return undefined;
    return JSON.parse(JSON.stringify(found).replaceAll(storage(), "STORAGE"));
  }
});

/** How the engine stands after so many minutes in which nobody is there. */
async function leave({ window, clock, api }: WiredWindow, minutes: number): Promise<string> {
  if (window.state.focused) window.focus(false);
  await clock.advance(minutes * MINUTE_MS);
  return api.engineStatus().type;
}

/** After what the engine is asked to write more, before and after what it suggests is accepted, where nothing comes after that. */
async function writtenAhead(wired: WiredWindow): Promise<readonly (string | undefined)[]> {
  await wired.suggest("(b)");
  wired.engine.answerNothing(wired.engine.askedAhead);
  await wired.type("(b)");
  await wired.ask();
  return wired.told("complete").flatMap(({ params }) => (params.isSpeculative ? [params.selected?.text] : []));
}

function pauseReason(wired: WiredWindow): string | undefined {
  return wired.told("pauseReading").at(-1)?.reason;
}

function switchOffMemory({ api }: WiredWindow): void {
  api.contextView.check([[{ id: "", label: "", source: { kind: "memory" } }, 0]]);
}

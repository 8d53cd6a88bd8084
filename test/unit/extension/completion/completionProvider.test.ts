import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  CompletionProvider,
  type CompletionProviderParts,
} from "../../../../src/extension/completion/completionProvider";
import type { EngineStatus } from "../../../../src/extension/engineProcess/engineSupervisor";
import type { CompletionQuestion } from "../../../../src/ghostText/completionQuestion";
import type { Suggestion } from "../../../../src/ghostText/followedCompletion";
import { fakeSummary } from "../../../support/fakeEngineProcess";
import { at, FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

const { Invoke, Automatic } = vscode.InlineCompletionTriggerKind;

function setUp() {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  const state = {
    starts: 0,
    start: () => state.starts++,
    complete: () => undefined,
    status: { type: "ready", model: fakeSummary } as EngineStatus,
    suggestions: [] as readonly Suggestion[],
    failure: undefined as string | undefined,
    isMirrored: true,
  };
  const provider = new CompletionProvider({
    supervisor: state,
    ghostText: state,
    alternatives: { complete: async () => state.suggestions },
    sync: { locate: () => ({ uri: "file:///a.py", version: 1, offset: 0 }), isMirrored: () => state.isMirrored },
    snooze: {},
  } as unknown as CompletionProviderParts);
  const document = Object.assign(new FakeDocument("file:///a.py", ""), { lineAt: () => ({ text: "" }) });
  const ask = async (
    triggerKind: vscode.InlineCompletionTriggerKind,
    isCancellationRequested = false,
    selectedCompletionInfo?: vscode.SelectedCompletionInfo,
  ) => {
    const context = { triggerKind, selectedCompletionInfo };
    const token = { isCancellationRequested, onCancellationRequested: () => {} };
    const file = document as unknown as vscode.TextDocument;
    await provider.provideInlineCompletionItems(file, at(0), context, token as unknown as vscode.CancellationToken);
    return window.messages.splice(0).map(({ text }) => text);
  };
  return { workspace, state, ask };
}

describe("VS Code's own command for a completion", () => {
  it("starts the engine for who asks, where completions are on, and for nobody else", async () => {
    const { workspace, state, ask } = setUp();
    await ask(Automatic);
    assert.equal(state.starts, 0);
    await ask(Invoke);
    assert.equal(state.starts, 1);
    workspace.set("griffin.enable", { python: false });
    assert.deepEqual(await ask(Invoke), []);
    workspace.set("griffin.enable", undefined);
    workspace.set("griffin.completion.exclude", ["*.py"]);
    assert.deepEqual(await ask(Invoke), []);
    assert.equal(state.starts, 1);
  });

  it("says why nothing comes to who asks, and nothing to who types", async () => {
    const { state, ask } = setUp();
    assert.deepEqual(await ask(Invoke), ["Griffin: Nothing to suggest here."]);
    state.failure = "The model could not run: out of memory.";
    assert.deepEqual(await ask(Invoke), [`Griffin: The completion failed. ${state.failure}`]);
    assert.deepEqual(await ask(Automatic), []);
    state.status = { type: "starting" };
    assert.match((await ask(Invoke))[0]!, /being loaded/);
  });

  it("says so also where VS Code could not draw what there is beside the entry of the suggestion list", async () => {
    const { state, ask } = setUp();
    state.suggestions = [{ text: "x)", replacedTail: 1 }];
    const range = { start: at(0), end: at(0) } as unknown as vscode.Range;
    assert.deepEqual(await ask(Invoke, false, { range, text: "" }), ["Griffin: Nothing to suggest here."]);
  });

  it("says nothing where the status bar says why, or nobody waits any more", async () => {
    const { state, ask } = setUp();
    assert.deepEqual(await ask(Invoke, true), []);
    state.isMirrored = false;
    assert.deepEqual(await ask(Invoke), []);
    state.status = { type: "failed", message: "There is no model." };
    assert.deepEqual(await ask(Invoke), []);
  });
});

describe("a key", () => {
  it("is told of before VS Code asks, with the question to come: only where it was typed at the cursor", () => {
    new FakeWorkspace();
    const window = new FakeWindow();
    const told: CompletionQuestion[] = [];
    const provider = new CompletionProvider({
      ghostText: { keyTyped: (question: CompletionQuestion) => told.push(question) },
      sync: { locate: (_: unknown, offset: number) => ({ uri: "file:///a.py", version: 2, offset }) },
      snooze: {},
    } as unknown as CompletionProviderParts);
    const line = {
      lineAt: () => ({ text: "os." }),
      positionAt: (offset: number) => Object.assign(Object(offset), COLUMN),
    };
    const document = Object.assign(new FakeDocument("file:///a.py", "os."), line);
    const cursor = { isEqual: (other: unknown) => other === cursor };
    const change = { rangeOffset: 2, rangeLength: 0, text: ".", range: { start: cursor } };
    const tell = (
      change: { readonly text: string; readonly range: object },
      more: object = {},
      selections: readonly object[] = [{ isEmpty: true }],
    ) => {
      const editor = { document, selection: { active: cursor }, selections, options: {} };
      window.activeTextEditor = editor;
      const event = { document, contentChanges: [change], reason: undefined, ...more };
      const edits = event.contentChanges.map(({ text }) => ({ offset: 2, deleted: 0, inserted: text }));
      const made = { event: event as unknown as vscode.TextDocumentChangeEvent, edits };
      provider.edited({ uri: "file:///a.py", version: 2, edits, made });
      return told.splice(0).map(({ place, trigger, lineBefore }) => [Number(place.offset), trigger, lineBefore]);
    };
    assert.deepEqual(tell(change), [[3, "automatic", "os."]]);
    assert.deepEqual(tell({ ...change, text: "x" }), []);
    assert.deepEqual(tell({ ...change, range: { start: { isEqual: () => false } } }), []);
    assert.deepEqual(tell(change, { reason: UNDO }), []);
    assert.deepEqual(tell(change, {}, [{ isEmpty: true }, { isEmpty: true }]), []);
    assert.deepEqual(tell(change, { document: new FakeDocument("file:///b.py", "os.") }), []);
  });
});

const UNDO = 1;
const COLUMN = { character: 3 };

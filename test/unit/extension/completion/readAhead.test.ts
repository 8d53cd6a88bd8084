import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { CompletionScope } from "../../../../src/extension/completion/completionScope";
import { ReadAhead, type ReadAheadParts } from "../../../../src/extension/completion/readAhead";
import { Emitter } from "../../../../src/extension/emitter";
import type { DocumentPlace, TextEdit } from "../../../../src/protocol/engine";
import { FakeClock } from "../../../support/fakeClock";
import { at, FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

function setUp() {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  const clock = new FakeClock();
  const snooze = { endsAt: undefined as number | undefined, onChange: new Emitter<void>() };
  const prepared: string[] = [];
  const onRequest = new Emitter<vscode.TextDocument>();
  const sync = {
    locate: ({ uri }: vscode.TextDocument, at: unknown = 0) => ({ uri: `${uri}`, version: 1, offset: at as number }),
    isMirrored: () => true,
    isNotebookText: () => false,
    refusalOf: () => undefined,
    onScope: new Emitter<void>(),
    onEdit: new Emitter<{ uri: string; edits: readonly TextEdit[] }>(),
  };
  const ghostText = { cursorRests: ({ uri }: DocumentPlace) => prepared.push(uri) };
  const supervisor = { onStatus: new Emitter<{ type: string }>() };
  const ready = () => supervisor.onStatus.fire({ type: "ready" });
  const power = { isOnBattery: false };
  const scope = new CompletionScope(sync, snooze);
  const isOnBattery = () => power.isOnBattery;
  new ReadAhead({
    supervisor,
    ghostText,
    sync,
    scope,
    onRequest,
    isOnBattery,
    clock,
  } as unknown as ReadAheadParts);
  const documents = ["file:///a.py", "file:///b.py"].map((address) => new FakeDocument(address, ""));
  /** The documents in which something is read ahead. */
  const readAhead = async () => {
    for (const document of documents) {
      window.activeTextEditor = { document, selection: { isEmpty: true, active: at(0) } };
      window.moveCursor();
      await clock.advance(1000);
    }
    return prepared.splice(0);
  };
  /** The cursor of an editor moves that is not in front. */
  const moveElsewhere = async () => {
    window.moveCursor({});
    await clock.advance(1000);
    return prepared.splice(0);
  };
  /** A document changes, where the cursor is or elsewhere, and no cursor moves. */
  const change = ({ uri }: FakeDocument, offset: number) =>
    sync.onEdit.fire({ uri: uri.toString(), edits: [{ offset, deleted: 0, inserted: "x" }] });
  const edit = async (document: FakeDocument, offset = 0) => {
    change(document, offset);
    await clock.advance(1000);
    return prepared.splice(0);
  };
  /** Milliseconds after which something is read ahead. */
  const readAfter = async (act: () => void) => {
    act();
    for (const ms of [0, 150, 1000]) {
      await clock.advance(ms - (ms === 1000 ? 150 : 0));
      if (prepared.splice(0).length > 0) return ms;
    }
    return undefined;
  };
  /** When it is read ahead after an editor has come to the front, a click there, and a key that moves the cursor. */
  const waits = async () => [
    await readAfter(() => window.show(documents[0]!)),
    await readAfter(() => window.click()),
    await readAfter(() => window.moveCursor()),
  ];
  const ask = (document: FakeDocument) => onRequest.fire(document as unknown as vscode.TextDocument);
  return {
    workspace,
    window,
    clock,
    power,
    snooze,
    documents,
    readAhead,
    moveElsewhere,
    change,
    edit,
    waits,
    prepared,
    ask,
    ready,
  };
}

describe("reading ahead where the cursor rests", () => {
  it("is for completions that come by themselves", async () => {
    const { workspace, snooze, documents, readAhead, ask } = setUp();
    const all = ["file:///a.py", "file:///b.py"];
    assert.deepEqual(await readAhead(), all);
    workspace.set("griffin.enable", { python: false });
    assert.deepEqual(await readAhead(), []);
    workspace.set("griffin.enable", {});
    ask(documents[0]!);
    snooze.endsAt = 1;
    assert.deepEqual(await readAhead(), []);
    snooze.endsAt = undefined;
    assert.deepEqual(await readAhead(), all);
  });

  it("is for the editor in front, whatever happens in others", async () => {
    const { readAhead, moveElsewhere } = setUp();
    await readAhead();
    assert.deepEqual(await moveElsewhere(), []);
  });

  it("goes on where an edit has ended it that leaves the cursor where it is", async () => {
    const { documents, readAhead, edit } = setUp();
    const [behind, inFront] = documents as [FakeDocument, FakeDocument];
    await readAhead();
    assert.deepEqual(await edit(inFront), ["file:///b.py"]);
    assert.deepEqual(await edit(behind), []);
  });

  it("begins at once in another editor, and where the user clicks who writes, but does not follow every key", async () => {
    const { documents, waits, edit, clock } = setUp();
    assert.deepEqual(await waits(), [0, 1000, 150]);
    await edit(documents[0]!);
    assert.deepEqual(await waits(), [0, 0, 150]);
    await clock.advance(10 * 60_000);
    assert.deepEqual(await waits(), [0, 1000, 150]);
  });

  it("waits on battery until the cursor stays", async () => {
    const { power, documents, waits, edit } = setUp();
    await waits();
    await edit(documents[0]!);
    power.isOnBattery = true;
    assert.deepEqual(await waits(), [1000, 1000, 1000]);
  });

  it("reads what a program writes elsewhere in the document ever later, until somebody does something", async () => {
    const { window, clock, documents, readAhead, edit, prepared } = setUp();
    const inFront = documents[1]!;
    await readAhead();
    assert.deepEqual(await edit(inFront, 5), ["file:///b.py"]);
    for (const restMs of [10_000, 60_000, 60_000]) {
      assert.deepEqual(await edit(inFront, 5), []);
      window.moveCursor(window.activeTextEditor, false);
      await clock.advance(restMs - 1);
      assert.deepEqual(prepared, []);
      await clock.advance(1);
      assert.deepEqual(prepared.splice(0), ["file:///b.py"]);
    }
    assert.deepEqual(await edit(inFront), ["file:///b.py"]);
    assert.deepEqual(await edit(inFront, 5), ["file:///b.py"]);
  });

  it("reads what a program has written elsewhere once it is over, also where that took long", async () => {
    const { clock, documents, readAhead, change, prepared } = setUp();
    await readAhead();
    for (let i = 0; i < 30; i++) {
      change(documents[1]!, 5);
      await clock.advance(100);
    }
    assert.deepEqual(prepared, [], "the next edit would end it");
    await clock.advance(900);
    assert.deepEqual(prepared, ["file:///b.py"]);
  });

  it("still reads early what a program writes elsewhere where nothing could be read before", async () => {
    const { window, documents, readAhead, edit } = setUp();
    await readAhead();
    const document = documents[1]!;
    window.activeTextEditor = { document, selection: { isEmpty: false, active: at(0) } };
    assert.deepEqual(await edit(document, 5), []);
    window.activeTextEditor = { document, selection: { isEmpty: true, active: at(0) } };
    assert.deepEqual(await edit(document, 5), ["file:///b.py"]);
  });

  it("reads nothing of what is written while nobody is at the window, and all of it when somebody comes back", async () => {
    const { window, clock, documents, readAhead, edit, prepared } = setUp();
    const inFront = documents[1]!;
    await readAhead();
    window.focus(false);
    window.focus(true);
    await clock.advance(1000);
    assert.deepEqual(prepared, [], "nothing has changed");
    window.focus(false);
    assert.deepEqual(await edit(inFront), []);
    window.focus(true);
    await clock.advance(150);
    assert.deepEqual(prepared.splice(0), ["file:///b.py"]);
    // In a browser, the window may not say that it has the keyboard.
    window.focus(false);
    window.moveCursor();
    await clock.advance(150);
    prepared.length = 0;
    assert.deepEqual(await edit(inFront), ["file:///b.py"]);
  });

  it("reads nothing where a program brings an editor to the front, or moves the cursor, while nobody is at the window", async () => {
    const { window, clock, documents, prepared, ready } = setUp();
    const acts = [() => window.show(documents[0]!), () => window.moveCursorByCommand(), ready];
    for (const act of acts) {
      window.focus(false);
      act();
      await clock.advance(1000);
      assert.deepEqual(prepared, []);
      window.focus(true);
      await clock.advance(1000);
      assert.deepEqual(prepared.splice(0), ["file:///a.py"]);
    }
  });

  for (const [setting, value] of [
    ["griffin.completion.trigger", "manual"],
    ["editor.inlineSuggest.enabled", false],
  ] as const) {
    it(`waits with ${setting}: ${value} for who asks, and is then for the same document`, async () => {
      const { workspace, documents, readAhead, ask } = setUp();
      workspace.set(setting, value);
      assert.deepEqual(await readAhead(), []);
      ask(documents[1]!);
      assert.deepEqual(await readAhead(), ["file:///b.py"]);
    });
  }
});

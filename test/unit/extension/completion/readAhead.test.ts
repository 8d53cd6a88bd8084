import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { CompletionScope } from "../../../../src/extension/completion/completionScope";
import { ReadAhead, type ReadAheadParts } from "../../../../src/extension/completion/readAhead";
import { Emitter } from "../../../../src/extension/emitter";
import { FakeClock } from "../../../support/fakeClock";
import { at, FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

function setUp() {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  const clock = new FakeClock();
  const snooze: { endsAt?: number; onChange: Emitter<void> } = { onChange: new Emitter() };
  const prepared: string[] = [];
  const onRequest = new Emitter<vscode.TextDocument>();
  const sync = {
    locate: ({ uri }: FakeDocument, offset: number) => ({ uri: uri.toString(), version: 1, offset }),
    isMirrored: () => true,
    isNotebookText: () => false,
    refusalOf: () => undefined,
    onScope: new Emitter(),
    onEdit: new Emitter<{ uri: string }>(),
  };
  const client = { prepare: (uri: string) => prepared.push(uri) };
  const supervisor = { onStatus: new Emitter() };
  const scope = new CompletionScope(...([sync, snooze] as unknown as ConstructorParameters<typeof CompletionScope>));
  new ReadAhead({ supervisor, client, sync, scope, onRequest, clock } as unknown as ReadAheadParts);
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
  /** A document changes, and no cursor moves. */
  const edit = async ({ uri }: FakeDocument) => {
    sync.onEdit.fire({ uri: uri.toString() });
    await clock.advance(1000);
    return prepared.splice(0);
  };
  /** What is read ahead by the time that an editor comes to the front, that the user clicks there, and that a key moves the cursor. */
  const readAtOnce = () =>
    [() => window.show(documents[0]!), () => window.click(), () => window.moveCursor()].map((act) => {
      act();
      return prepared.splice(0).length;
    });
  const ask = (document: FakeDocument) => onRequest.fire(document as unknown as vscode.TextDocument);
  return { workspace, snooze, documents, readAhead, moveElsewhere, edit, readAtOnce, ask };
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
    delete snooze.endsAt;
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

  it("begins at once in another editor, and where the user clicks, but does not follow every key", () => {
    assert.deepEqual(setUp().readAtOnce(), [1, 1, 0]);
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

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { DocumentMirror } from "../../../../src/extension/documents/documentMirror";
import { DocumentSync } from "../../../../src/extension/documents/documentSync";
import { RecordTyping } from "../../../../src/extension/recording/recordTyping";
import { MOST_EVENTS } from "../../../../src/extension/recording/typingRecorder";
import { parseRecording } from "../../../../src/text/recording";
import { FakeClock, settled } from "../../../support/fakeClock";
import { FakeLog } from "../../../support/fakeLog";
import {
  at,
  codeCell,
  executedCommands,
  FakeDocument,
  FakeNotebook,
  FakeWindow,
  FakeWorkspace,
  registeredCommands,
} from "../../../support/fakeVscode";

const TEXT = "x = 1\n";
const TOKEN = `ghp_${"aB3dE5gH1jK2mN4pQ6".repeat(2)}`;

const insert = (offset: number, inserted: string) => ({ offset, deleted: 0, inserted });

/** A window with a file in front of the user, who saves in these places one after the other, and then nowhere. */
function begin({ address = "file:///work/src/a.py", places = ["file:///saved.jsonl"] } = {}) {
  const workspace = new FakeWorkspace(["file:///work"]);
  const files = new Map<string, string>();
  Object.assign(workspace.fs, {
    writeFile: async (uri: object, content: Uint8Array) => {
      if (String(uri).includes("read-only")) throw new Error("It is read-only.");
      files.set(String(uri), String(content));
    },
  });
  const window = Object.assign(new FakeWindow(), {
    /** Those in the status bar. */
    items: new Set<{ text: string }>(),
    createStatusBarItem() {
      const item = { text: "", show: () => window.items.add(item), dispose: () => window.items.delete(item) };
      return item;
    },
    /** The titles of the dialogs that asked where to save. */
    dialogs: [] as string[],
    async showSaveDialog({ title }: { title: string }) {
      window.dialogs.push(title);
      const place = places.shift();
      return place && { toString: () => place };
    },
  });
  const document = workspace.open(new FakeDocument(address, TEXT));
  const editor = { document, selection: { active: at(0) }, options: { insertSpaces: true, indentSize: 2 } };
  window.activeTextEditor = editor;
  const clock = new FakeClock();
  const sync = new DocumentSync(new DocumentMirror({ isReady: true, send: () => true }, new FakeLog()));
  new RecordTyping(sync, clock);
  const run = async (command: string) => {
    registeredCommands.get(command)!();
    await settled();
  };
  return {
    ...{ workspace, window, clock, files, document },
    start: () => run("griffin.recordTyping"),
    stop: () => run("griffin.stopRecordingTyping"),
    moveTo(offset: number) {
      window.activeTextEditor = { document, selection: { active: at(offset) } };
      window.moveCursor();
    },
    said: () => window.messages.map(({ text }) => text),
    /** As the commands' conditions know it. */
    isRecording: () => executedCommands.findLast(([, key]) => key === "griffin.isRecordingTyping")?.[2],
  };
}

describe("recording what is typed", () => {
  it("writes what happens in the file in front from one command to the other, where the user chooses", async () => {
    const { workspace, window, clock, files, document, start, stop, moveTo, isRecording } = begin();
    const other = workspace.open(new FakeDocument("file:///work/src/b.py", ""));
    assert.equal(isRecording(), false);
    workspace.edit(document, insert(6, "y"));
    await start();
    assert.equal(isRecording(), true);
    assert.deepEqual(
      [...window.items].map(({ text }) => text),
      ["$(record) Recording typing"],
    );
    await clock.advance(100);
    workspace.edit(document, insert(7, " = 2"));
    workspace.edit(other, insert(0, "elsewhere"));
    await clock.advance(100);
    moveTo(2);
    window.moveCursor({ document: other, selection: { active: at(1) } } as object);
    assert.deepEqual([files.size, window.dialogs.length], [0, 0]);
    await stop();
    assert.deepEqual([isRecording(), window.items.size], [false, 0]);
    assert.deepEqual(window.dialogs, ["Save 1 recorded keystroke, with the file's text"]);
    assert.deepEqual(parseRecording(files.get("file:///saved.jsonl")!), {
      header: { file: "src/a.py", languageId: "python", indentUnit: "  ", text: "x = 1\ny" },
      events: [
        { tMs: 0, edits: [], cursor: 0 },
        { tMs: 100, edits: [insert(7, " = 2")], cursor: 11 },
        { tMs: 200, edits: [], cursor: 2 },
      ],
    });
    workspace.edit(document, insert(0, "#"));
    await stop();
    assert.equal(window.dialogs.length, 1);
  });

  it("writes nothing where the user does not want it, and ends with the file", async () => {
    const { workspace, window, files, document, start, said, isRecording } = begin({ places: [] });
    await start();
    workspace.close(document);
    await settled();
    assert.deepEqual([isRecording(), window.dialogs.length, files.size], [false, 1, 0]);
    assert.deepEqual(said(), []);
  });

  it("asks for another place when the recording cannot be written there", async () => {
    const { window, files, start, stop, said } = begin({ places: ["file:///read-only", "file:///saved.jsonl"] });
    await start();
    await stop();
    assert.deepEqual(said(), ["Griffin: The recording could not be written. It is read-only."]);
    window.messages[0]!.choose("Save Elsewhere");
    await settled();
    assert.deepEqual([...files.keys()], ["file:///saved.jsonl"]);
  });

  it("does not begin without a file, in a notebook's cell, or in a file that the model may not read", async () => {
    const { workspace, window, start, said, isRecording } = begin({ address: "file:///work/.env" });
    await start();
    const cell = codeCell("a = 1");
    workspace.openNotebook(Object.assign(new FakeNotebook("file:///work/a.ipynb", []), { cells: [cell] }));
    window.activeTextEditor = { document: cell.document, selection: { active: at(0) } };
    await start();
    window.activeTextEditor = undefined;
    await start();
    assert.deepEqual([isRecording(), window.items.size], [false, 0]);
    assert.deepEqual(said(), [
      "Griffin: This file is not recorded, because its name looks like that of a key, credentials or another secret.",
      "Griffin: Typing is recorded in files, not in a notebook's cells or in this kind of document. Open a file first.",
      "Griffin: Open the file in which you will type first.",
    ]);
  });

  it("throws away what a secret was typed into", async () => {
    const { workspace, window, document, start, stop, said } = begin();
    await start();
    workspace.edit(document, insert(6, `token = "${TOKEN}"`));
    await stop();
    assert.deepEqual(window.dialogs, []);
    assert.match(said().join(), /^Griffin: The recording was thrown away, because it holds a private key or an access/);
  });

  it("says once that it is full, and saves what there is when asked to", async () => {
    const { workspace, window, files, document, start, said, isRecording } = begin();
    await start();
    for (let key = 0; key < MOST_EVENTS + 2; key++) workspace.edit(document, { offset: 0, deleted: 1, inserted: "x" });
    assert.deepEqual(
      [...window.items].map(({ text }) => text),
      ["$(record) Recording is full"],
    );
    assert.deepEqual(said(), ["Griffin: The recording is full (30,000 events), so what is typed now is not recorded."]);
    window.messages[0]!.choose("Stop and Save");
    await settled();
    assert.equal(isRecording(), false);
    assert.equal(parseRecording(files.get("file:///saved.jsonl")!).events.length, MOST_EVENTS);
  });
});

describe("a recording", () => {
  it("goes on when VS Code finds out the document's language, and ends with the document", async () => {
    const { workspace, window, document, start } = begin({ address: "untitled:Untitled-1", places: [] });
    await start();
    workspace.edit(document, insert(6, "i"));
    workspace.changeLanguage(document);
    workspace.edit(document, insert(7, "f"));
    await settled();
    assert.deepEqual(window.dialogs, []);
    workspace.close(document);
    await settled();
    assert.deepEqual(window.dialogs, ["Save 2 recorded keystrokes, with the file's text"]);
  });
});

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { DocumentMirror } from "../../../../src/extension/documents/documentMirror";
import { DocumentSync } from "../../../../src/extension/documents/documentSync";
import { RecordTyping } from "../../../../src/extension/recording/recordTyping";
import { FakeClock, settled } from "../../../support/fakeClock";
import { FakeLog } from "../../../support/fakeLog";
import { at, FakeDocument, FakeWindow, FakeWorkspace, registeredCommands } from "../../../support/fakeVscode";

/** Somebody who records what he types in a document without a name. */
function record() {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  const titles: string[] = [];
  Object.assign(window, {
    createStatusBarItem: () => ({ show: () => {}, dispose: () => {} }),
    showSaveDialog: async ({ title }: { readonly title: string }) => void titles.push(title),
  });
  const sync = new DocumentSync(new DocumentMirror({ isReady: false, send: () => false }, new FakeLog()));
  new RecordTyping(sync, new FakeClock());
  const document = workspace.open(new FakeDocument("untitled:Untitled-1", ""));
  window.activeTextEditor = { document, selection: { active: at(0) } };
  registeredCommands.get("griffin.recordTyping")!();
  return { workspace, document, titles };
}

describe("a recording", () => {
  it("goes on when VS Code finds out the document's language, and ends with the document", async () => {
    const { workspace, document, titles } = record();
    workspace.edit(document, { offset: 0, deleted: 0, inserted: "i" });
    workspace.changeLanguage(document);
    workspace.edit(document, { offset: 1, deleted: 0, inserted: "f" });
    await settled();
    assert.deepEqual(titles, []);
    workspace.close(document);
    await settled();
    assert.deepEqual(titles, ["Save 2 recorded keystrokes, with the file's text"]);
  });
});

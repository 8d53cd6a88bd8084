import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { DocumentMirror } from "../../../../src/extension/documents/documentMirror";
import { DocumentSync } from "../../../../src/extension/documents/documentSync";
import type { HostMessage } from "../../../../src/protocol/engine";
import { FakeEngineProcess } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { at, codeCell, FakeDocument, FakeNotebook, FakeWorkspace, markdownCell } from "../../../support/fakeVscode";

const NOTEBOOK = "file:///work/a.ipynb";

/** A window with what was open before the extension began, and an engine that keeps what it is told. */
function begin(open: (workspace: FakeWorkspace) => void = () => {}) {
  const workspace = new FakeWorkspace();
  open(workspace);
  const engine = new FakeEngineProcess();
  const send = (message: HostMessage) => {
    engine.send(message);
    return true;
  };
  const mirror = new DocumentMirror({ isReady: true, send }, new FakeLog());
  const sync = new DocumentSync(mirror);
  const closed: string[] = [];
  sync.onClose.on((uri) => closed.push(uri));
  let scopes = 0;
  sync.onScope.on(() => scopes++);
  /** Whether what is said of documents may have changed since it was asked last. */
  const hasScopeChanged = () => {
    const before = scopes;
    scopes = 0;
    return before > 0;
  };
  const edits: unknown[] = [];
  sync.onEdit.on((edit) => edits.push(...edit.edits));
  const textOf = (uri: string) => engine.documents.get(uri)?.text;
  const locate = (document: FakeDocument, offset: number) => sync.locate(asDocument(document), at(offset));
  return { workspace, engine, mirror, sync, closed, hasScopeChanged, edits, textOf, locate };
}

const asDocument = (document: FakeDocument) => document as unknown as vscode.TextDocument;
const insert = (offset: number, inserted: string) => ({ offset, deleted: 0, inserted });

describe("DocumentSync", () => {
  it("tells of a document, its edits and its end", () => {
    const { workspace, textOf, edits, locate } = begin();
    const document = workspace.open(new FakeDocument("file:///work/a.py", "x = 1\n"));
    workspace.edit(document, insert(6, "y"), insert(0, "# "));
    assert.equal(textOf("file:///work/a.py"), "# x = 1\ny");
    assert.deepEqual(edits, [insert(6, "y"), insert(0, "# ")]);
    assert.deepEqual(locate(document, 3), { uri: "file:///work/a.py", version: 2, offset: 3 });
    workspace.close(document);
    assert.equal(textOf("file:///work/a.py"), undefined);
  });

  it("says when something else may be said of a document, not with each edit", () => {
    const { workspace, hasScopeChanged } = begin();
    const document = workspace.open(new FakeDocument("file:///work/a.py", "x"));
    workspace.edit(document, insert(1, "y"));
    assert.ok(!hasScopeChanged());
    workspace.edit(document, insert(0, "x".repeat(100_000)));
    assert.ok(hasScopeChanged(), "a line that is too long");
    const notebook = workspace.openNotebook(new FakeNotebook(NOTEBOOK, []));
    assert.ok(hasScopeChanged(), "a notebook is opened");
    const cell = codeCell("");
    workspace.setCells(notebook, [cell]);
    assert.ok(hasScopeChanged(), "an empty cell comes");
    workspace.edit(cell.document, insert(0, "a"));
    assert.ok(!hasScopeChanged());
    workspace.closeNotebook(notebook);
    assert.ok(hasScopeChanged(), "the notebook is closed");
  });

  it("is silent where only the dirty mark has changed", () => {
    const { workspace, engine } = begin();
    const document = workspace.open(new FakeDocument("file:///work/a.py", "x"));
    const { length } = engine.received;
    workspace.tell(document, []);
    assert.equal(engine.received.length, length);
  });

  describe("of a notebook", () => {
    function notebookOf(...texts: string[]) {
      const begun = begin();
      const notebook = begun.workspace.openNotebook(new FakeNotebook(NOTEBOOK, texts));
      const cell = (index: number) => notebook.cells[index]!.document;
      return { ...begun, notebook, cell };
    }

    it("joins the code cells, and finds a place in one of them", () => {
      const { textOf, locate, cell } = notebookOf("a = 1", "b = 2", "c");
      assert.equal(textOf(NOTEBOOK), "a = 1\n\nb = 2\n\nc");
      assert.deepEqual(locate(cell(1), 3), { uri: NOTEBOOK, version: 1, offset: 10, cellRest: 2 });
    });

    it("passes on a key where it was typed, also between characters that are like it", () => {
      const { workspace, textOf, edits, locate, cell } = notebookOf("a = 1", "b = 22", "c");
      workspace.edit(cell(0), insert(5, "\n"));
      workspace.edit(cell(1), insert(4, "2"));
      assert.equal(textOf(NOTEBOOK), "a = 1\n\n\nb = 222\n\nc");
      assert.deepEqual(edits, [insert(5, "\n"), insert(12, "2")]);
      assert.deepEqual(locate(cell(2), 1), { uri: NOTEBOOK, version: 3, offset: 18, cellRest: 0 });
    });

    it("passes on the edits of several cursors", () => {
      const { workspace, textOf, edits, cell } = notebookOf("a", "b b", "c");
      workspace.edit(cell(1), insert(3, "!"), insert(1, "!"));
      assert.equal(textOf(NOTEBOOK), "a\n\nb! b!\n\nc");
      assert.deepEqual(edits, [insert(6, "!"), insert(4, "!")]);
    });

    it("follows an edit of several cells, which is told cell by cell", () => {
      const { workspace, textOf, cell } = notebookOf("a", "a", "c");
      for (const index of [0, 1]) cell(index).change([{ offset: 0, deleted: 1, inserted: "bb" }]);
      for (const index of [0, 1]) workspace.tell(cell(index), [{ offset: 0, deleted: 1, inserted: "bb" }]);
      assert.equal(textOf(NOTEBOOK), "bb\n\nbb\n\nc");
    });

    it("follows cells that come, move and go, and knows no other", () => {
      const { workspace, notebook, textOf, locate } = notebookOf("a", "b");
      const [a, b] = notebook.cells;
      const c = codeCell("c");
      const offsetOf = ({ document }: typeof c) => locate(document, 0)?.offset;
      workspace.setCells(notebook, [a!, markdownCell("# text"), c, b!]);
      assert.equal(textOf(NOTEBOOK), "a\n\nc\n\nb");
      assert.deepEqual([a!, c, b!].map(offsetOf), [0, 3, 6]);
      workspace.setCells(notebook, [b!, a!, c]);
      assert.equal(textOf(NOTEBOOK), "b\n\na\n\nc");
      workspace.setCells(notebook, [b!, c]);
      assert.equal(textOf(NOTEBOOK), "b\n\nc");
      assert.deepEqual([a!, c, b!].map(offsetOf), [undefined, 3, 0]);
      workspace.edit(c.document, insert(1, "!"));
      workspace.edit(a!.document, insert(1, "?"));
      assert.equal(textOf(NOTEBOOK), "b\n\nc!");
    });

    it("keeps the places of cells when an empty one goes to the other side", () => {
      const { workspace, notebook, locate } = notebookOf("", "", "a");
      const [first, second, a] = notebook.cells;
      workspace.setCells(notebook, [second!, first!, a!]);
      assert.deepEqual([locate(first!.document, 0)?.offset, locate(second!.document, 0)?.offset], [2, 0]);
    });
  });

  describe("of a notebook that is open as text, too", () => {
    const JSON_TEXT = '{ "cells": [] }';
    const asText = () => new FakeDocument(NOTEBOOK, JSON_TEXT);
    const asNotebook = () => new FakeNotebook(NOTEBOOK, ["a = 1"]);

    it("knows the cells alone, whatever happens to the text", () => {
      const { workspace, engine, textOf, locate, closed } = begin();
      const [notebook, document] = [workspace.openNotebook(asNotebook()), asText()];
      const { length } = engine.received;
      closed.length = 0;
      workspace.open(document);
      workspace.edit(document, insert(2, " "));
      assert.equal(locate(document, 0), undefined);
      workspace.close(document);
      assert.deepEqual([engine.received.length, closed], [length, []]);
      assert.equal(textOf(NOTEBOOK), "a = 1");
      assert.equal(locate(notebook.cells[0]!.document, 1)?.offset, 1);
    });

    it("takes the cells for the text when the notebook is opened later, and the text again when it is closed", () => {
      const { workspace, textOf, locate, closed } = begin();
      const document = workspace.open(asText());
      assert.equal(textOf(NOTEBOOK), JSON_TEXT);
      const notebook = workspace.openNotebook(asNotebook());
      assert.equal(textOf(NOTEBOOK), "a = 1");
      assert.deepEqual(closed, [NOTEBOOK], "the text's version is not the notebook's");
      workspace.edit(document, insert(0, "\n"));
      workspace.closeNotebook(notebook);
      assert.equal(textOf(NOTEBOOK), `\n${JSON_TEXT}`);
      assert.equal(locate(document, 0)?.version, 2);
      workspace.close(document);
      assert.equal(textOf(NOTEBOOK), undefined);
    });

    it("knows the cells alone when both were open before", () => {
      const { textOf } = begin((workspace) => {
        workspace.openNotebook(asNotebook());
        workspace.open(asText());
      });
      assert.equal(textOf(NOTEBOOK), "a = 1");
    });

    it("knows nothing of a notebook that is closed", () => {
      const { workspace, textOf } = begin();
      workspace.closeNotebook(workspace.openNotebook(asNotebook()));
      assert.equal(textOf(NOTEBOOK), undefined);
    });
  });

  it("tells nothing of a file outside of the workspace whose folder is one of secrets", () => {
    const { workspace, engine, mirror } = begin();
    const document = workspace.open(new FakeDocument("file:///home/me/.kube/config", "token: abc"));
    workspace.edit(document, insert(10, "d"));
    workspace.close(document);
    assert.deepEqual(engine.received, []);
    workspace.open(document);
    assert.match(mirror.refusalOf("file:///home/me/.kube/config")!, /its name/);
  });

  it("tells nothing of a secret in such a folder where it is the workspace's own", () => {
    const { workspace, engine } = begin();
    workspace.addFolder("file:///home/me/.kube");
    workspace.open(new FakeDocument("file:///home/me/.kube/config", "token: abc"));
    assert.deepEqual(engine.received, []);
  });

  it("tells of what can be written, on whichever disk, and not of what cannot, such as a difference's other side", () => {
    const { workspace, engine } = begin();
    for (const scheme of ["vscode-vfs", "git", "output"]) {
      workspace.open(new FakeDocument(`${scheme}:/a.py`, "a = 1"));
      workspace.openNotebook(new FakeNotebook(`${scheme}:/a.ipynb`, ["a = 1"]));
    }
    assert.deepEqual([...engine.documents.keys()], ["vscode-vfs:/a.py", "vscode-vfs:/a.ipynb"]);
  });
});

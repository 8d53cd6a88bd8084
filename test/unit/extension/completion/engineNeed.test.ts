import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type { CompletionScope } from "../../../../src/extension/completion/completionScope";
import type { DocumentScope } from "../../../../src/extension/completion/documentScope";
import { EngineNeed } from "../../../../src/extension/completion/engineNeed";
import { Emitter } from "../../../../src/extension/emitter";
import { FakeDocument, FakeWindow } from "../../../support/fakeVscode";

const OFF: DocumentScope = { type: "off", reason: "Off.", remedies: [] };

function setUp({ focused = true, isInFront = true, inFront = { type: "on" } as DocumentScope } = {}) {
  const window = new FakeWindow();
  window.state = { focused };
  if (isInFront) window.activeTextEditor = { document: new FakeDocument("file:///a.py", "") };
  const scope = { inFront, onChange: new Emitter<void>() };
  let starts = 0;
  const supervisor = { startForDocument: () => starts++ };
  const need = new EngineNeed({ supervisor, scope: scope as unknown as CompletionScope });
  const change = (to: DocumentScope) => {
    scope.inFront = to;
    scope.onChange.fire();
  };
  return { window, need, change, starts: () => starts };
}

describe("the model is loaded", () => {
  it("where a document that gets completions is in front of somebody: by themselves, or when they are asked for", () => {
    assert.equal(setUp().starts(), 1);
    for (const type of ["asked", "snoozed"] as const) {
      assert.equal(setUp({ inFront: { ...OFF, type } }).starts(), 1, type);
    }
  });

  it("not where nothing is in front, or what gets none: then when that changes", () => {
    assert.equal(setUp({ isInFront: false }).starts(), 0);
    const { window, change: look, starts: startsForOutput } = setUp({ isInFront: false });
    window.show(new FakeDocument("output:griffin.log", ""));
    look({ type: "on" });
    assert.equal(startsForOutput(), 0);
    const { change, starts } = setUp({ inFront: OFF });
    change(OFF);
    assert.equal(starts(), 0);
    change({ type: "on" });
    assert.equal(starts(), 1);
  });

  it("not in a window that was only opened again: then when somebody comes to it", () => {
    const { window, change, starts } = setUp({ focused: false });
    change({ type: "on" });
    window.moveCursor(window.activeTextEditor, false);
    window.moveCursor({});
    assert.equal(starts(), 0);
    window.focus(true);
    assert.equal(starts(), 1);
  });

  it("also where VS Code does not know that somebody is there, when the cursor is moved", () => {
    const { window, starts } = setUp({ focused: false });
    window.moveCursor();
    assert.equal(starts(), 1);
  });

  it("once: it may have been stopped for a reason", () => {
    const { window, change, starts } = setUp();
    window.moveCursor();
    change({ type: "on" });
    window.focus(true);
    assert.equal(starts(), 1);
  });
});

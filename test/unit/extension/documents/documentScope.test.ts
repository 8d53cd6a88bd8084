import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { documentScope, type ScopeParts } from "../../../../src/extension/documents/documentScope";
import { FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

function setUp() {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  const state = { refusal: undefined as string | undefined, endsAt: undefined as number | undefined };
  const parts = {
    sync: {
      isNotebookText: () => false,
      locate: () => ({ uri: "file:///a.py", version: 1, offset: 0 }),
      refusalOf: () => state.refusal,
    },
    snooze: {
      get endsAt() {
        return state.endsAt;
      },
    },
  } as unknown as ScopeParts;
  const document = new FakeDocument("file:///a.py", "");
  window.activeTextEditor = { document };
  const scope = () => {
    const front = window.activeTextEditor?.document as unknown as vscode.TextDocument | undefined;
    const found = documentScope(front, parts);
    return found.type === "on" ? "on" : { type: found.type, remedies: found.remedies };
  };
  return { workspace, window, state, scope };
}

describe("the scope of completions", () => {
  it("is everything, if nobody says otherwise", () => {
    const { window, scope } = setUp();
    assert.equal(scope(), "on");
    window.activeTextEditor = undefined;
    assert.equal(scope(), "on");
  });

  it("leaves out a language that is off, which can be turned on, and all of them where none is in front", () => {
    const { workspace, window, scope } = setUp();
    workspace.set("griffin.enable", { "*": true, python: false });
    assert.deepEqual(scope(), { type: "off", remedies: ["turnOn", { setting: "griffin.enable" }] });
    window.activeTextEditor = undefined;
    assert.equal(scope(), "on");
    workspace.set("griffin.enable", { "*": false, python: true });
    assert.deepEqual(scope(), { type: "off", remedies: ["turnAllOn", { setting: "griffin.enable" }] });
  });

  it("leaves out a file that is refused, and offers nothing that would not help", () => {
    const { workspace, state, scope } = setUp();
    state.refusal = "No completions in this file.";
    workspace.set("griffin.completion.trigger", "manual");
    assert.deepEqual(scope(), { type: "off", remedies: [] });
  });

  it("leaves it to the user to ask, where that is set or for a while", () => {
    const { workspace, window, state, scope } = setUp();
    const [trigger, ghostText] = [
      { setting: "griffin.completion.trigger" },
      { setting: "editor.inlineSuggest.enabled" },
    ];
    state.endsAt = 1;
    assert.deepEqual(scope(), { type: "snoozed", remedies: ["complete", "endSnooze"] });
    workspace.set("griffin.completion.trigger", "manual");
    assert.deepEqual(scope(), { type: "asked", remedies: ["complete", trigger] });
    workspace.set("[python]griffin.completion.trigger", "manual");
    assert.deepEqual(scope(), { type: "asked", remedies: ["complete", { ...trigger, language: "python" }] });
    workspace.set("editor.inlineSuggest.enabled", false);
    assert.deepEqual(scope(), { type: "asked", remedies: ["complete", ghostText] });
    window.activeTextEditor = undefined;
    assert.deepEqual(scope(), { type: "asked", remedies: [ghostText] });
  });
});

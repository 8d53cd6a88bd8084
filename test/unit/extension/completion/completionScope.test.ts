import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { CompletionScope } from "../../../../src/extension/completion/completionScope";
import { Emitter } from "../../../../src/extension/emitter";
import { FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

function setUp() {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  const state = { refusal: undefined as string | undefined };
  const [onScope, onSnooze] = [new Emitter<void>(), new Emitter<void>()];
  const sync = {
    onScope,
    isNotebookText: () => false,
    locate: () => ({ uri: "file:///a.py", version: 1, offset: 0 }),
    refusalOf: () => state.refusal,
  };
  const snooze = { onChange: onSnooze, endsAt: undefined as number | undefined };
  const completionScope = new CompletionScope(sync, snooze);
  const document = new FakeDocument("file:///a.py", "");
  window.activeTextEditor = { document };
  const scope = () => {
    const found = completionScope.inFront;
    return found.type === "on" ? "on" : { type: found.type, remedies: found.remedies };
  };
  let changes = 0;
  completionScope.onChange.on(() => changes++);
  /** Since it was asked last. */
  const hasChanged = () => {
    const before = changes;
    changes = 0;
    return before > 0;
  };
  return { workspace, window, state, snooze, document, onScope, onSnooze, scope, hasChanged };
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

  it("leaves out what a pattern names, in its folder or wherever it lies", () => {
    const { workspace, window, scope } = setUp();
    workspace.addFolder("file:///work");
    const show = (address: string) => window.show(new FakeDocument(address, ""));
    const off = { type: "off", remedies: [{ setting: "griffin.completion.exclude" }] };
    workspace.set("griffin.completion.exclude", ["/legal/", "*.sql"]);
    for (const [address, expected] of [
      ["file:///work/legal/terms/a.py", off],
      ["file:///work/src/legal/a.py", "on"],
      ["file:///elsewhere/a.sql", off],
      ["file:///elsewhere/a.py", "on"],
      ["untitled:Untitled-1", "on"],
    ] as const) {
      show(address);
      assert.deepEqual(scope(), expected, address);
    }
  });

  it("leaves out a file that is refused, and offers nothing that would not help", () => {
    const { workspace, state, scope } = setUp();
    state.refusal = "No completions in this file.";
    workspace.set("griffin.completion.trigger", "manual");
    assert.deepEqual(scope(), { type: "off", remedies: [] });
  });

  it("leaves it to the user to ask, where that is set or for a while", () => {
    const { workspace, window, snooze, scope } = setUp();
    const [trigger, ghostText] = [
      { setting: "griffin.completion.trigger" },
      { setting: "editor.inlineSuggest.enabled" },
    ];
    snooze.endsAt = 1;
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

  it("tells of all that may change it, and of nothing else", () => {
    const { workspace, window, document, onScope, onSnooze, hasChanged } = setUp();
    window.show(document);
    assert.ok(hasChanged(), "another document in front");
    workspace.open(document);
    assert.ok(hasChanged(), "another language");
    for (const setting of [
      "griffin.enable",
      "griffin.completion.exclude",
      "griffin.completion.trigger",
      "editor.inlineSuggest.enabled",
    ]) {
      workspace.set(setting, undefined);
      assert.ok(hasChanged(), setting);
    }
    onScope.fire();
    assert.ok(hasChanged(), "a refusal, or cells");
    onSnooze.fire();
    assert.ok(hasChanged(), "a snooze");
    workspace.set("griffin.engine.threads", 2);
    workspace.edit(document, { offset: 0, deleted: 0, inserted: "x" });
    assert.ok(!hasChanged());
  });
});

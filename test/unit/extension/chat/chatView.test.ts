import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { ChatView, type ChatViewOptions } from "../../../../src/extension/chat/chatView";
import { Emitter } from "../../../../src/extension/emitter";
import type { ToPage } from "../../../../src/protocol/webview";
import { FakeClock, settled } from "../../../support/fakeClock";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";
import { FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

/** A view whose engine answers nothing, and the texts that its page shows. */
function setUp() {
  new FakeWorkspace();
  const window = new FakeWindow();
  const parts = {
    supervisor: { onStatus: new Emitter(), status: { type: "starting" } },
    client: { chat: async () => ({ type: "failed", message: "no engine" }) },
    endpoint: { current: undefined },
    repository: { onPlan: new Emitter(), plan: { refusal: undefined } },
  } as unknown as ChatViewOptions;
  const view = new ChatView({ ...parts, store: fakeStore(), log: new FakeLog(), clock: new FakeClock() });
  let page: ToPage & { type: "state" };
  view.onToPage.on((message) => {
    if (message.type === "state") page = message;
  });
  return { view, window, shown: () => page.entries.map(({ text }) => text) };
}

describe("the chat's view", () => {
  it("offers to take back that it was cleared, and then shows all again", async () => {
    const { view, window, shown } = setUp();
    await view.conversation.ask("Why?");
    assert.deepEqual(shown(), ["Why?", ""]);
    view.clear();
    assert.deepEqual(shown(), []);
    assert.match(window.messages[0]!.text, /the chat's history is cleared/);
    window.messages[0]!.choose("Undo");
    await settled();
    assert.deepEqual(shown(), ["Why?", ""]);
  });

  it("stays cleared when the message goes, and says nothing when there was nothing to clear", async () => {
    const { view, window, shown } = setUp();
    await view.conversation.ask("Why?");
    view.clear();
    window.messages[0]!.choose();
    await settled();
    assert.deepEqual(shown(), []);
    view.clear();
    assert.equal(window.messages.length, 1);
  });
});

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import type { ToChat } from "../../../../src/extension/chat/chat";
import { ChatView } from "../../../../src/extension/chat/chatView";
import { Emitter } from "../../../../src/extension/emitter";
import type { FromPage, ToPage } from "../../../../src/protocol/webview";
import { FakeDocument, FakeEvent, FakeWindow } from "../../../support/fakeVscode";

class FakeView {
  visible = true;
  readonly visibility = new FakeEvent<void>();
  readonly disposal = new FakeEvent<void>();
  readonly messages = new FakeEvent<FromPage>();
  readonly told: unknown[] = [];
  readonly onDidChangeVisibility = this.visibility.subscribe;
  readonly onDidDispose = this.disposal.subscribe;
  readonly webview = {
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: this.messages.subscribe,
    postMessage: (message: unknown) => this.told.push(structuredClone(message)),
  };

  show(isVisible: boolean): void {
    this.visible = isVisible;
    this.visibility.fire();
  }
}

function setUp({ focused = true } = {}) {
  const window = new FakeWindow();
  window.state = { focused };
  const done: string[] = [];
  const chat = {
    onToPage: new Emitter<ToPage>(),
    onFromPage: new Emitter<ToChat>(),
    opened: () => done.push("opened"),
    tellState: () => done.push("told"),
  };
  const provider = new ChatView(new FakeDocument("file:///griffin", "").uri, chat);
  const open = (): FakeView => {
    const view = new FakeView();
    provider.resolveWebviewView(view as unknown as vscode.WebviewView);
    return view;
  };
  return { window, chat, open, done: () => done.splice(0) };
}

describe("the chat's view", () => {
  it("tells a page that comes back everything, as a hidden one gets no messages, and that somebody wants to ask", () => {
    const { open, done } = setUp();
    const view = open();
    assert.deepEqual(done(), ["opened"]);
    view.show(false);
    assert.deepEqual(done(), []);
    view.show(true);
    assert.deepEqual(done(), ["opened", "told"]);
  });

  it("does not have the model loaded in a window that was only opened again: then when somebody comes to it, once", () => {
    const { window, open, done } = setUp({ focused: false });
    const view = open();
    window.focus(false);
    view.show(false);
    window.focus(true);
    assert.deepEqual(done(), [], "another view is shown in its place");
    window.focus(false);
    view.show(true);
    assert.deepEqual(done(), ["told"]);
    for (const focused of [true, false, true]) window.focus(focused);
    assert.deepEqual(done(), ["opened"]);
  });

  it("has it loaded where VS Code does not know that somebody is there, when the page gets the keyboard", () => {
    const { open, done } = setUp({ focused: false });
    const view = open();
    for (const _ of [1, 2]) view.messages.fire({ type: "focused" });
    assert.deepEqual(done(), ["opened"]);
  });

  it("carries messages both ways, also when it was moved and the old place goes later", () => {
    const { chat, open } = setUp();
    const heard: ToChat[] = [];
    chat.onFromPage.on((message) => heard.push(message));
    const [old, moved] = [open(), open()];
    old.disposal.fire();
    chat.onToPage.fire({ type: "text", text: "a" });
    assert.deepEqual([old.told, moved.told], [[], [{ type: "text", text: "a" }]]);
    moved.messages.fire({ type: "ready" });
    assert.deepEqual(heard, [{ type: "ready" }]);
    moved.disposal.fire();
    chat.onToPage.fire({ type: "text", text: "b" });
    assert.equal(moved.told.length, 1);
  });
});

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { ChatView } from "../../../../src/extension/chat/chatView";
import { Emitter } from "../../../../src/extension/emitter";
import type { FromPage, ToPage } from "../../../../src/protocol/webview";
import { FakeDocument, FakeEvent } from "../../../support/fakeVscode"; // Before what imports `vscode`.

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
    postMessage: (message: unknown) => this.told.push(message),
  };

  show(isVisible: boolean): void {
    this.visible = isVisible;
    this.visibility.fire();
  }
}

function setUp() {
  const done: string[] = [];
  const chat = {
    onToPage: new Emitter<ToPage>(),
    onFromPage: new Emitter<FromPage>(),
    opened: () => done.push("opened"),
    tellState: () => done.push("told"),
  };
  const provider = new ChatView(new FakeDocument("file:///griffin", "").uri, chat);
  const open = (): FakeView => {
    const view = new FakeView();
    provider.resolveWebviewView(view as unknown as vscode.WebviewView);
    return view;
  };
  return { chat, open, done: () => done.splice(0) };
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

  it("carries messages both ways, also when it was moved and the old place goes later", () => {
    const { chat, open } = setUp();
    const heard: FromPage[] = [];
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

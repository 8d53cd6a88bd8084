import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { ChatView, type ChatViewOptions } from "../../../../src/extension/chat/chatView";
import { type Endpoint, endpointOf } from "../../../../src/extension/chat/endpoint/address";
import { Emitter } from "../../../../src/extension/emitter";
import type { ChatParams, ResultOf } from "../../../../src/protocol/engine";
import type { AnswerEntry, ToPage } from "../../../../src/protocol/webview";
import { textsOf } from "../../../support/chatEntries";
import { FakeClock, settled } from "../../../support/fakeClock";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";
import { executedCommands, FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

/** A view whose engine answers nothing, and what its page shows. */
function setUp({
  refusal = undefined as string | undefined,
  isLookedThrough = true,
  endpoint = undefined as Endpoint | undefined,
  found = { type: "failed", message: "no engine" } as ResultOf<"findFiles">,
} = {}) {
  new FakeWorkspace(["file:///work"]);
  const window = new FakeWindow();
  const asked: ChatParams[] = [];
  const chat = async (params: ChatParams) => {
    asked.push(params);
    return { type: "failed", message: "no engine" };
  };
  const parts = {
    supervisor: { onStatus: new Emitter(), status: { type: "starting" }, started: async () => {} },
    client: { chat, findFiles: async () => found },
    endpoint: { current: endpoint },
    repository: { onPlan: new Emitter(), plan: { refusal } },
    reading: { isLookedThrough },
  } as unknown as ChatViewOptions;
  const view = new ChatView({ ...parts, store: fakeStore(), log: new FakeLog(), clock: new FakeClock() });
  let page: ToPage & { type: "state" };
  view.onToPage.on((message) => {
    if (message.type === "state") page = message;
  });
  return { view, window, asked, page: () => page, shown: () => textsOf(page.entries) };
}

describe("the chat's view", () => {
  it("offers to take back that it was cleared, and then shows all again", async () => {
    const { view, window, shown } = setUp();
    await view.ask("Why?");
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
    await view.ask("Why?");
    view.clear();
    window.messages[0]!.choose();
    await settled();
    assert.deepEqual(shown(), []);
    view.clear();
    assert.equal(window.messages.length, 1);
  });

  it("asks with what is attached, and shows it at the question and for the next one", async () => {
    const { view, asked, page } = setUp();
    view.onFromPage.fire({ type: "attachFile", file: { folder: "/work", path: "a.ts", name: "a.ts" } });
    view.onFromPage.fire({ type: "useRepository", isOn: false });
    await view.ask("Why?");
    assert.deepEqual(asked[0]!.attachments, [{ type: "file", folder: "/work", path: "a.ts" }]);
    assert.equal(asked[0]!.useRepository, false);
    const [question] = page().entries;
    assert.ok(question?.role === "user" && question.attached[0] === "@a.ts");
    assert.equal(page().chips.attachments.length, 1);
  });

  it("does not ask for a repository that is not read, and says why", async () => {
    const refusal = "In Restricted Mode only open documents are read.";
    const { view, asked, page } = setUp({ refusal });
    await view.ask("Why?");
    assert.equal(asked[0]!.useRepository, false);
    assert.deepEqual(page().chips.repository, { isOn: false, refusal });
  });

  it("leads from who answers to where that is chosen", async () => {
    for (const [endpoint, command] of [
      [undefined, ["griffin.chooseModel"]],
      [endpointOf("http://localhost:8000/v1"), ["workbench.action.openSettings", "griffin.chat"]],
    ] as const) {
      const { view } = setUp({ endpoint });
      view.onFromPage.fire({ type: "changeAnswerer" });
      await settled();
      assert.deepEqual(executedCommands.splice(0), [command]);
    }
  });

  it("takes files of the workspace that hold no secrets, as many as there is room for", () => {
    const { view, window, page } = setUp();
    const attach = (...addresses: string[]) =>
      view.attachFiles(addresses.map((address) => new FakeDocument(address, "").uri));
    attach("file:///elsewhere/a.ts", "file:///work/.env", "file:///work/src/a.ts");
    const labels = () => page().chips.attachments.map(({ label }) => label);
    assert.deepEqual(labels(), ["@src/a.ts"]);
    attach(...Array.from({ length: 9 }, (_, at) => `file:///work/${at}.ts`));
    assert.equal(labels().length, 8);
    const said = window.messages.map(({ text }) => text);
    assert.equal(said.length, 3);
    assert.match(said[0]!, /^Griffin: a\.ts lies in no folder/);
    assert.match(said[1]!, /^Griffin: \.env is not shown to the model/);
    assert.match(said[2]!, /takes 8 attachments/);
  });

  it("tells which files fit a mention, and nothing where they could not be looked for", async () => {
    const told = async (found: ResultOf<"findFiles">) => {
      const { view } = setUp({ found });
      const files: ToPage[] = [];
      view.onToPage.on((message) => message.type === "files" && files.push(message));
      view.onFromPage.fire({ type: "findFiles", query: "a" });
      await settled();
      return files;
    };
    const files = [{ folder: "/work", path: "a.ts", name: "a.ts" }];
    assert.deepEqual(await told({ type: "success", files }), [{ type: "files", query: "a", files }]);
    assert.deepEqual(await told({ type: "success", files: [] }), [{ type: "files", query: "a", files: [] }]);
    assert.deepEqual(await told({ type: "failed", message: "no engine" }), []);
  });

  it("keeps how much of the repository there was to look through", async () => {
    const searched = async (options: Parameters<typeof setUp>[0]) => {
      const { view, page } = setUp(options);
      await view.ask("Why?");
      return (page().entries[1] as AnswerEntry).searched;
    };
    assert.equal(await searched({}), "all");
    assert.equal(await searched({ isLookedThrough: false }), "part");
    assert.equal(await searched({ refusal: "No folder is open." }), undefined);
  });

  it("opens links to the web, and no other ones: a model has made them up", async () => {
    const { view, window } = setUp();
    const refused = [
      "command:workbench.action.quit",
      "file:///etc/passwd",
      "vscode://some.extension/do",
      "//x.example",
    ];
    for (const href of [...refused, "https://example.com/a"]) view.onFromPage.fire({ type: "openLink", href });
    await settled();
    assert.deepEqual(window.openedOutside, ["https://example.com/a"]);
  });

  it("copies a block of code", async () => {
    const { view, window } = setUp();
    view.onFromPage.fire({ type: "copyCode", code: "const b = 2;" });
    await settled();
    assert.equal(window.clipboard, "const b = 2;");
    assert.equal(window.messages.at(-1)!.text, "Griffin: copied.");
  });

  it("takes what is selected, and of a file with secrets nothing, which it says", async () => {
    const { view, window, page } = setUp();
    const chips = () => page().chips.attachments;
    window.selectAll(new FakeDocument("file:///work/src/a.py", "a = 1"));
    view.attachSelection();
    assert.match(chips()[0]!.label, /src\/a\.py/);
    for (const address of ["file:///home/me/.kube/config", "file:///work/.env"]) {
      window.selectAll(new FakeDocument(address, "TOKEN=abc"));
      view.attachSelection();
      assert.match(window.messages.at(-1)!.text, /(config|\.env) is not shown to the model: its name/);
    }
    assert.equal(window.messages.length, 2);
    view.tellState();
    assert.equal(chips().length, 1);
  });
});

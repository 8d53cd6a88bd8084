import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { REMEDY_COMMANDS } from "../../../../src/extension/chat/availability";
import { Chat, type ChatOptions } from "../../../../src/extension/chat/chat";
import { type Endpoint, endpointOf } from "../../../../src/extension/chat/endpoint/address";
import { Emitter } from "../../../../src/extension/emitter";
import type { EngineStatus } from "../../../../src/extension/engineProcess/engineSupervisor";
import { Reading } from "../../../../src/extension/repository/reading";
import type { ChatParams, ReadingProgress, ResultOf } from "../../../../src/protocol/engine";
import type { AnswerEntry, ToPage } from "../../../../src/protocol/webview";
import { textsOf } from "../../../support/chatEntries";
import { FakeClock, settled } from "../../../support/fakeClock";
import { FakeEngineLink } from "../../../support/fakeEngineLink";
import { fakeSummary } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";
import { executedCommands, FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";
import { manifest } from "../../../support/manifest";

const READY: EngineStatus = { type: "ready", model: fakeSummary };
const LOADING = { status: { type: "starting" }, isLoaded: false } as const;

/** A chat whose engine and whose endpoint answer nothing, and what its page shows. */
function setUp({
  refusal = undefined as string | undefined,
  phase = "reading" as ReadingProgress["phase"],
  endpoint = undefined as Endpoint | undefined,
  status = READY as EngineStatus,
  isLoaded = true,
  found = { type: "failed", message: "no engine" } as ResultOf<"findFiles">,
  finder = (_query: string) => Promise.resolve(found),
} = {}) {
  new FakeWorkspace(["file:///work"]);
  const window = new FakeWindow();
  const asked: ChatParams[] = [];
  const sent: Endpoint[] = [];
  const endpoints = {
    current: endpoint,
    answererFor: (to: Endpoint) => ({ isContinuation: false, answer: async () => ({ note: String(sent.push(to)) }) }),
  };
  const link = new FakeEngineLink();
  const reading = new Reading(link);
  reading.setFolders(["/work"]);
  const report = (phase: ReadingProgress["phase"]) => {
    const progress = { folder: "/work", phase, filesRead: 0, filesTotal: 1, tokens: 0 };
    link.onMessage.fire({ type: "reading", progress, residentBytes: 1 });
  };
  report(phase);
  const lookThrough = () => report("reading");
  const clock = new FakeClock();
  let load = () => {};
  const supervisor = {
    ...{ onStatus: new Emitter(), status, isReady: status.type === "ready" },
    started: (signal?: AbortSignal) =>
      new Promise((resolve) => {
        if (isLoaded) resolve(status);
        load = () => {
          Object.assign(supervisor, { status: READY, isReady: true });
          resolve(READY);
        };
        signal?.addEventListener("abort", () => resolve(status));
      }),
  };
  const parts = {
    supervisor,
    client: {
      async chat(params: ChatParams) {
        asked.push(params);
        return { type: "failed", message: "no engine" };
      },
      findFiles: finder,
    },
    endpoint: endpoints,
    repository: { onPlan: new Emitter(), plan: { refusal } },
    reading,
  } as unknown as ChatOptions;
  const chat = new Chat({ ...parts, store: fakeStore(), log: new FakeLog(), clock });
  let page: ToPage & { type: "state" };
  chat.onToPage.on((message) => {
    if (message.type === "state") page = message;
  });
  /** The newest one, as the page shows it. */
  const answer = () => {
    chat.tellState();
    return page.entries.at(-1) as AnswerEntry;
  };
  const tools = { page: () => page, shown: () => textsOf(page.entries), load: () => load() };
  return { chat, window, asked, sent, endpoints, link, reading, lookThrough, clock, answer, ...tools };
}

describe("the chat", () => {
  it("offers to take back that it was cleared, and then shows all again", async () => {
    const { chat, window, shown } = setUp();
    await chat.ask("Why?");
    assert.deepEqual(shown(), ["Why?", ""]);
    chat.clear();
    assert.deepEqual(shown(), []);
    assert.match(window.messages[0]!.text, /The chat's history is cleared/);
    window.messages[0]!.choose("Undo");
    await settled();
    assert.deepEqual(shown(), ["Why?", ""]);
  });

  it("stays cleared when the message goes, and says nothing when there was nothing to clear", async () => {
    const { chat, window, shown } = setUp();
    await chat.ask("Why?");
    chat.clear();
    window.messages[0]!.choose();
    await settled();
    assert.deepEqual(shown(), []);
    chat.clear();
    assert.equal(window.messages.length, 1);
  });

  it("asks with what is attached, and shows it at the question and for the next one", async () => {
    const { chat, asked, page } = setUp();
    chat.onFromPage.fire({ type: "attachFile", file: { folder: "/work", path: "a.ts", name: "a.ts" } });
    chat.onFromPage.fire({ type: "useRepository", isOn: false });
    await chat.ask("Why?");
    assert.deepEqual(asked[0]!.attachments, [{ type: "file", folder: "/work", path: "a.ts" }]);
    assert.equal(asked[0]!.useRepository, false);
    const [question] = page().entries;
    assert.ok(question?.role === "user" && question.attached[0] === "@a.ts");
    assert.equal(page().chips.attachments.length, 1);
  });

  it("does not ask for a repository that is not read, and says why", async () => {
    const refusal = "In Restricted Mode only open documents are read.";
    const { chat, asked, page } = setUp({ refusal });
    await chat.ask("Why?");
    assert.equal(asked[0]!.useRepository, false);
    assert.deepEqual(page().chips.repository, { isOn: false, refusal });
  });

  it("leads to the trust in the workspace where that is why a repository is not read", async () => {
    const { chat, page } = setUp({ refusal: "In Restricted Mode only open documents are read." });
    chat.tellState();
    assert.equal(page().chips.repository.needsTrust, undefined);
    new FakeWorkspace().isTrusted = false;
    chat.tellState();
    assert.equal(page().chips.repository.needsTrust, true);
    chat.onFromPage.fire({ type: "manageTrust" });
    await settled();
    assert.deepEqual(executedCommands.splice(0), [["workbench.trust.manage"]]);
  });

  it("leads from who answers to where that is chosen", async () => {
    for (const [endpoint, command] of [
      [undefined, ["griffin.chooseModel"]],
      [endpointOf("http://localhost:8000/v1"), ["griffin.openSettings", "griffin.chat"]],
    ] as const) {
      const { chat } = setUp({ endpoint });
      chat.onFromPage.fire({ type: "changeAnswerer" });
      await settled();
      assert.deepEqual(executedCommands.splice(0), [command]);
    }
  });

  it("keeps a question until the model is there, or somebody stops it, and says why there is none", async () => {
    const { chat, asked, answer, page } = setUp(LOADING);
    const asking = chat.ask("Why?");
    assert.deepEqual([textsOf(page().entries), page().answering], [["Why?", ""], true]);
    chat.conversation.stop();
    await asking;
    assert.deepEqual([answer().note, page().answering, asked.length], ["Stopped.", false, 0]);

    const failed = setUp({ status: { type: "failed", message: "It failed." } });
    await failed.chat.ask("Why?");
    assert.deepEqual([failed.answer().note, failed.asked.length], ["It failed.", 0]);
  });

  it("sends a question that waited for the model only to where it was to go when it was asked", async () => {
    const [here, there] = [endpointOf("http://localhost:8000/v1")!, endpointOf("https://vllm.example/v1")!];
    for (const [shown, set, answerer] of [
      [here, here, "localhost:8000"],
      [here, there, "nobody"],
      [undefined, there, "nobody"],
      [here, undefined, "engine"],
      [undefined, undefined, "engine"],
    ] as const) {
      const { chat, asked, sent, answer, load, endpoints } = setUp({ ...LOADING, endpoint: shown });
      const asking = chat.ask("Why?");
      endpoints.current = set;
      load();
      await asking;
      assert.deepEqual(sent, answerer === "localhost:8000" ? [here] : []);
      assert.equal(asked.length, answerer === "engine" ? 1 : 0);
      const { note = "" } = answer();
      assert.equal(/^This was not sent: .* became vllm\.example\/v1 while/.test(note), answerer === "nobody", note);
    }
  });

  it("does what may help where it cannot be asked, and only what it has offered", async () => {
    const { chat } = setUp({ status: { type: "failed", message: "It failed." } });
    for (const [remedy, commands] of [
      ["restart", [["griffin.restartEngine"]]],
      ["showLog", [["griffin.showLog"]]],
      ["openEndpointSettings", []],
    ] as const) {
      chat.onFromPage.fire({ type: "tryRemedy", remedy });
      await settled();
      assert.deepEqual(executedCommands.splice(0), commands, remedy);
    }
  });

  it("has a command of the extension for each remedy", () => {
    const known = manifest.contributes.commands.map(({ command }: { readonly command: string }) => command);
    const needed = Object.values(REMEDY_COMMANDS).map(([command]) => command);
    assert.deepEqual(
      needed.filter((command) => !known.includes(command)),
      [],
    );
  });

  it("takes files of the workspace that hold no secrets, as many as there is room for", () => {
    const { chat, window, page } = setUp();
    const attach = (...addresses: string[]) =>
      chat.attachFiles(addresses.map((address) => new FakeDocument(address, "").uri));
    attach("file:///elsewhere/a.ts", "file:///work/.env", "file:///work/src/a.ts");
    const labels = () => page().chips.attachments.map(({ label }) => label);
    assert.deepEqual(labels(), ["@src/a.ts"]);
    attach(...Array.from({ length: 9 }, (_, at) => `file:///work/${at}.ts`));
    assert.equal(labels().length, 8);
    const said = window.messages.map(({ text }) => text);
    assert.equal(said.length, 3);
    assert.match(said[0]!, /^Griffin: a\.ts is not in an open folder of this machine/);
    assert.match(said[1]!, /^Griffin: \.env is not shown to the model/);
    assert.match(said[2]!, /takes 8 attachments/);
  });

  it("tells which files fit a mention, and nothing where they could not be looked for", async () => {
    const told = async (found: ResultOf<"findFiles">) => {
      const { chat } = setUp({ found });
      const files: ToPage[] = [];
      chat.onToPage.on((message) => message.type === "files" && files.push(message));
      chat.onFromPage.fire({ type: "findFiles", query: "a" });
      await settled();
      return files;
    };
    const files = [{ folder: "/work", path: "a.ts", name: "a.ts" }];
    assert.deepEqual(await told({ type: "success", files }), [{ type: "files", query: "a", files }]);
    assert.deepEqual(await told({ type: "success", files: [] }), [{ type: "files", query: "a", files: [] }]);
    assert.deepEqual(await told({ type: "failed", message: "no engine" }), []);
  });

  it("looks for what is mentioned now, and not for each letter that was typed before", async () => {
    const sought: string[] = [];
    let finish = () => {};
    const finder = (query: string) => {
      sought.push(query);
      return new Promise<ResultOf<"findFiles">>((resolve) => {
        finish = () => resolve({ type: "success", files: [] });
      });
    };
    const { chat } = setUp({ finder });
    const told: string[] = [];
    chat.onToPage.on((message) => message.type === "files" && told.push(message.query));
    for (const query of ["a", "ab", "abc"]) chat.onFromPage.fire({ type: "findFiles", query });
    for (let answers = 0; answers < 2; answers++) {
      await settled();
      finish();
    }
    await settled();
    assert.deepEqual(
      [sought, told],
      [
        ["a", "abc"],
        ["a", "abc"],
      ],
    );
  });

  it("keeps how much of the repository there was to look through", async () => {
    const searched = async (options: Parameters<typeof setUp>[0]) => {
      const { chat, answer } = setUp(options);
      await chat.ask("Why?");
      return answer().searched;
    };
    assert.equal(await searched({}), "all");
    assert.equal(await searched({ phase: "failed" }), "part");
    assert.equal(await searched({ refusal: "No folder is open." }), undefined);
  });

  it("lets the engine look through the repository before it answers, for ten seconds at most", async () => {
    for (const [options, next, searched] of [
      [LOADING, "looked", "all"],
      [LOADING, "late", "part"],
      [LOADING, "stopped", "part"],
      [{ phase: "listing" }, "looked", "all"],
      [{ phase: "listing" }, "late", "part"],
      [{ phase: "listing" }, "stopped", "part"],
    ] as const) {
      const { chat, asked, answer, load, link, reading, lookThrough, clock } = setUp(options);
      // What the engine before it had looked through helps nobody.
      if (options === LOADING) link.onGone.fire("the engine rests");
      const asking = chat.ask("Why?");
      load();
      reading.setFolders(["/work"]);
      await clock.advance(9_000);
      assert.equal(asked.length, 0);
      if (next === "looked") lookThrough();
      else if (next === "stopped") chat.conversation.stop();
      else await clock.advance(1_000);
      await asking;
      assert.deepEqual([asked.length, answer().searched], [next === "stopped" ? 0 : 1, searched], next);
    }
    const { chat, asked, answer, load } = setUp({ ...LOADING, phase: "listing" });
    chat.onFromPage.fire({ type: "useRepository", isOn: false });
    const asking = chat.ask("Why?");
    load();
    await asking;
    assert.deepEqual([asked.length, answer().searched], [1, undefined]);
  });

  it("opens links to the web, and no other ones: a model has made them up", async () => {
    const { chat, window } = setUp();
    const refused = [
      "command:workbench.action.quit",
      "file:///etc/passwd",
      "vscode://some.extension/do",
      "//x.example",
    ];
    for (const href of [...refused, "https://example.com/a"]) chat.onFromPage.fire({ type: "openLink", href });
    await settled();
    assert.deepEqual(window.openedOutside, ["https://example.com/a"]);
  });

  it("copies a block of code", async () => {
    const { chat, window } = setUp();
    chat.onFromPage.fire({ type: "copyCode", code: "const b = 2;" });
    await settled();
    assert.equal(window.clipboard, "const b = 2;");
    assert.equal(window.messages.at(-1)!.text, "Griffin: Copied.");
  });

  it("takes what is selected, and of a file with secrets nothing, which it says", async () => {
    const { chat, window, page } = setUp();
    const chips = () => page().chips.attachments;
    window.selectAll(new FakeDocument("file:///work/src/a.py", "a = 1"));
    chat.attachSelection();
    assert.match(chips()[0]!.label, /src\/a\.py/);
    for (const address of ["file:///home/me/.kube/config", "file:///work/.env"]) {
      window.selectAll(new FakeDocument(address, "TOKEN=abc"));
      chat.attachSelection();
      assert.match(window.messages.at(-1)!.text, /(config|\.env) is not shown to the model: its name/);
    }
    assert.equal(window.messages.length, 2);
    chat.tellState();
    assert.equal(chips().length, 1);
  });

  it("takes no lines of a file that holds a secret, also where what is selected does not look like one", () => {
    const { chat, window, page } = setUp();
    const begin = "-----BEGIN PRIVATE KEY-----\n";
    const key = new FakeDocument(
      "file:///work/deploy.py",
      `KEY = """${begin}MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n"""\n`,
    );
    window.selectFrom(key, key.getText().indexOf(begin) + begin.length);
    chat.attachSelection();
    assert.match(window.messages.at(-1)!.text, /deploy\.py is not shown to the model: it holds a private key/);
    chat.tellState();
    assert.deepEqual(page().chips.attachments, []);
  });

  it("takes what is selected in a view of a file as that file's, whose rules hold for it", async () => {
    const { chat, window, asked } = setUp();
    for (const scheme of ["git", "griffin-proposed", "untitled"]) {
      window.selectAll(new FakeDocument(`${scheme}:/work/src/${scheme}.py`, "a = 1"));
      chat.attachSelection();
    }
    await chat.ask("Why?");
    const places = asked[0]!.attachments.map(({ folder, path }) => [folder, path]);
    assert.deepEqual(places, [
      ["/work", "src/git.py"],
      ["/work", "src/griffin-proposed.py"],
      [undefined, "untitled.py"],
    ]);
  });
});

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { CompletionScope } from "../../../../src/extension/completion/completionScope";
import { Copilot } from "../../../../src/extension/completion/copilot";
import { CopilotOffer, type CopilotOfferParts } from "../../../../src/extension/completion/copilotOffer";
import { Emitter } from "../../../../src/extension/emitter";
import type { EngineStatus, EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { settled } from "../../../support/fakeClock";
import { fakeSummary } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";
import {
  accounts,
  executedCommands,
  FakeDocument,
  FakeWindow,
  FakeWorkspace,
  otherExtensions,
  signIn,
} from "../../../support/fakeVscode";
import { withReplaced } from "../../../support/replaced";

/** What goes on looking until the test has ended. */
const watching: Copilot[] = [];

async function setUp(store = fakeStore(), type: EngineStatus["type"] = "ready") {
  const workspace = new FakeWorkspace();
  const window = new FakeWindow();
  executedCommands.length = 0;
  const log = new FakeLog();
  const sync = {
    isNotebookText: () => false,
    locate: () => ({ uri: "file:///a.py", version: 1, offset: 0 }),
    refusalOf: () => undefined,
    onScope: new Emitter<void>(),
  };
  const scope = new CompletionScope(sync, { onChange: new Emitter(), endsAt: undefined });
  const supervisor = { status: { type }, onStatus: new Emitter<EngineStatus>() };
  const copilot = new Copilot(supervisor as EngineSupervisor);
  watching.push(copilot);
  await settled();
  const parts = { supervisor, scope, copilot, store, log };
  new CopilotOffer(parts as unknown as CopilotOfferParts);
  const python = new FakeDocument("file:///a.py", "");
  const asks = () => {
    const before = window.messages.length;
    window.show(python);
    return window.messages.length > before;
  };
  const choose = async (button?: string) => {
    window.messages.splice(0)[0]!.choose(button);
    await settled();
  };
  const isOn = (id: string) => {
    const table = workspace.getConfiguration("griffin").get("enable") as Record<string, boolean> | undefined;
    return table?.[id] ?? true;
  };
  return { workspace, window, store, log, supervisor, asks, choose, isOn };
}

describe("the offer beside GitHub Copilot", () => {
  beforeEach(() => {
    otherExtensions.add("GitHub.copilot-chat");
    signIn("github", true);
  });
  afterEach(() => {
    for (const copilot of watching.splice(0)) copilot.dispose();
    otherExtensions.clear();
    accounts.clear();
  });

  it("is made once, for all windows to come", async () => {
    const { store, asks, choose, isOn } = await setUp();
    assert.ok(asks());
    await choose("Keep Both");
    assert.ok(isOn("*"));
    assert.ok(!asks());
    assert.ok(!(await setUp(store)).asks());
  });

  it("is made where it cannot be kept that it was, which the log tells", async () => {
    const { log, asks } = await setUp({ ...fakeStore(), update: () => Promise.reject(new Error("No room.")) as never });
    assert.ok(asks());
    await settled();
    assert.match(log.lines.join("\n"), /^warn: .*No room\.$/);
  });

  it("turns Griffin's completions off, and only opens the other's setting", async () => {
    const first = await setUp();
    first.asks();
    await first.choose("Turn Griffin's Completions Off");
    assert.ok(!first.isOn("*"));
    const second = await setUp();
    second.asks();
    await second.choose("Open Copilot's Setting");
    assert.deepEqual(executedCommands, [["workbench.action.openSettings", "@id:github.copilot.enable"]]);
    assert.ok(second.isOn("*"));
  });

  it("says why where the settings cannot be written", async () => {
    const { workspace, window, asks, choose } = await setUp();
    const { getConfiguration } = workspace;
    const update = () => Promise.reject(new Error("Unable to write into user settings."));
    Object.assign(workspace, { getConfiguration: (...of: []) => ({ ...getConfiguration(...of), update }) });
    asks();
    await choose("Turn Griffin's Completions Off");
    const said = window.messages.map(({ text }) => text);
    assert.deepEqual(said, ["Griffin: Completions could not be turned off. Unable to write into user settings."]);
  });

  it("waits until both suggest by themselves in the same document", async () => {
    const { workspace, supervisor, asks } = await setUp();
    const not = (setting: string, value: unknown, otherwise: unknown) => {
      workspace.set(setting, value);
      assert.ok(!asks(), setting);
      workspace.set(setting, otherwise);
    };
    not("github.copilot.enable", { "*": true, python: false }, { "*": true });
    not("github.copilot.editor.enableAutoCompletions", false, true);
    not("griffin.enable", { "*": false }, {});
    not("griffin.completion.trigger", "manual", "automatic");
    supervisor.status = { type: "starting" };
    assert.ok(!asks());
    supervisor.status = { type: "ready" };
    otherExtensions.clear();
    assert.ok(!asks(), "nobody else suggests");
    otherExtensions.add("GitHub.copilot");
    assert.ok(asks());
  });

  it("is not made to who is not signed in to GitHub: VS Code comes with Copilot's extension", async () => {
    accounts.clear();
    const { window, asks } = await setUp();
    assert.ok(!asks());
    signIn("github-enterprise", true);
    await settled();
    assert.equal(window.messages.length, 1, "as soon as somebody is");
  });

  it("looks for no account before there is an engine", async () => {
    const has = accounts.get.bind(accounts);
    const asked: string[] = [];
    const get = (provider: string) => {
      asked.push(provider);
      return has(provider);
    };
    await withReplaced(accounts, { get }, async () => {
      const { supervisor, window, asks } = await setUp(fakeStore(), "starting");
      signIn("github", true);
      asks();
      await settled();
      assert.deepEqual(asked, []);
      const ready: EngineStatus = { type: "ready", model: fakeSummary };
      supervisor.status = ready;
      supervisor.onStatus.fire(ready);
      await settled();
      assert.deepEqual([asked, window.messages.length], [["github"], 1]);
    });
  });

  it("is not made any more after the account has gone", async () => {
    const { asks } = await setUp();
    signIn("github", false);
    await settled();
    assert.ok(!asks());
  });
});

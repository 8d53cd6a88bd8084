import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { type CommandContext, registerCommands } from "../../../src/extension/commands";
import { CompletionScope } from "../../../src/extension/completion/completionScope";
import { Snooze } from "../../../src/extension/completion/snooze";
import { Emitter } from "../../../src/extension/emitter";
import { EngineSupervisor } from "../../../src/extension/engineProcess/engineSupervisor";
import { FakeClock } from "../../support/fakeClock";
import { FakeEngineProcess } from "../../support/fakeEngineProcess";
import { FakeLog } from "../../support/fakeLog";
import {
  executedCommands,
  FakeDocument,
  FakeWindow,
  FakeWorkspace,
  registeredCommands,
} from "../../support/fakeVscode";

function setUp() {
  const workspace = new FakeWorkspace(["file:///work"]);
  const window = new FakeWindow();
  const process = new FakeEngineProcess();
  const attached: string[] = [];
  const chat = {
    attachSelection: () => {},
    attachFiles: (files: readonly unknown[]) => attached.push(...files.map(String)),
  };
  const settings = () => ({ modelFolder: "", threads: 0 });
  const supervisor = new EngineSupervisor(() => process, settings, new FakeClock(), new FakeLog());
  const snooze = new Snooze(new FakeClock());
  const sync = {
    isNotebookText: () => false,
    locate: () => ({ uri: "file:///work/a.py", version: 1, offset: 0 }),
    refusalOf: () => undefined,
    onScope: new Emitter<void>(),
  };
  const context = {
    supervisor,
    scope: new CompletionScope(sync, snooze),
    snooze,
    chat: { ...chat, conversation: { startTopic: () => {} } },
    log: new FakeLog(),
  };
  registerCommands(context as unknown as CommandContext);
  window.activeTextEditor = { document: new FakeDocument("file:///work/a.py", ""), selection: cursorAt(0) };
  executedCommands.length = 0;
  const run = async (id: string, ...parameters: unknown[]) => {
    await registeredCommands.get(id)!(...parameters);
    return executedCommands.splice(0).map(([command]) => command);
  };
  return {
    workspace,
    window,
    process,
    supervisor,
    snooze,
    attached,
    run,
    said: () => window.messages.splice(0).map(({ text }) => text),
  };
}

function cursorAt(offset: number): {
  readonly isEmpty: boolean;
  readonly offset: number;
  isEqual(other: object): boolean;
} {
  return { isEmpty: true, offset, isEqual: (other) => "offset" in other && other.offset === offset };
}

const TRIGGER = ["editor.action.inlineSuggest.trigger"];

describe("the command for a completion", () => {
  it("asks VS Code, which asks every extension, once the model is loaded", async () => {
    const { process, supervisor, run, said } = setUp();
    const asked = run("griffin.complete");
    assert.equal(supervisor.status.type, "starting");
    assert.deepEqual(executedCommands, []);
    process.getReady();
    assert.deepEqual(await asked, TRIGGER);
    assert.deepEqual(said(), ["Griffin: The model is being loaded…"]);
  });

  it("says why Griffin has none, and asks the other extensions all the same", async () => {
    const { workspace, window, process, supervisor, run, said } = setUp();
    workspace.set("griffin.enable", { python: false });
    assert.deepEqual(await run("griffin.complete"), TRIGGER);
    assert.deepEqual(said(), ["Griffin: Completions are off for python."]);
    workspace.set("griffin.enable", {});
    window.activeTextEditor = { ...window.activeTextEditor!, selection: { ...cursorAt(0), isEmpty: false } };
    assert.deepEqual(await run("griffin.complete"), TRIGGER);
    assert.match(said()[0]!, /while text is selected/);
    window.activeTextEditor = { ...window.activeTextEditor, selection: cursorAt(0) };
    supervisor.start();
    process.say({ type: "failed", message: "There is no model." });
    assert.deepEqual(await run("griffin.complete"), TRIGGER, "also while the message waits for an answer");
    assert.deepEqual(said(), ["Griffin: There is no model."]);
  });

  for (const isOtherEditor of [false, true]) {
    it(`asks nobody any more where the user has gone elsewhere while the model was loaded (${isOtherEditor ? "to another editor" : "within the editor"})`, async () => {
      const { window, process, run } = setUp();
      const { document } = window.activeTextEditor!;
      const asked = run("griffin.complete");
      if (isOtherEditor) window.activeTextEditor = { document, selection: cursorAt(0) };
      else Object.assign(window.activeTextEditor!, { selection: cursorAt(1) });
      process.getReady();
      assert.deepEqual(await asked, []);
    });
  }

  it("asks nobody while a snippet is filled in, where VS Code would not show what comes", async () => {
    const { run, said } = setUp();
    assert.deepEqual(await run("griffin.complete", "inSnippet"), []);
    assert.match(said()[0]!, /snippet/);
  });

  it("asks nobody where nothing is open", async () => {
    const { window, run, said } = setUp();
    window.activeTextEditor = undefined;
    assert.deepEqual(await run("griffin.complete"), []);
    assert.match(said()[0]!, /Open a file/);
  });
});

describe("what is said in passing", () => {
  it("is a notification to who uses a screen reader, which does not read the status bar", async () => {
    const { workspace, window, run, said } = setUp();
    window.activeTextEditor = undefined;
    const notified: string[] = [];
    Object.assign(window, { showInformationMessage: async (text: string) => notified.push(text) });
    for (const [support, inStatusBar, inNotification] of [
      ["auto", 1, 0],
      ["off", 1, 0],
      ["on", 0, 1],
    ]) {
      workspace.set("editor.accessibilitySupport", support);
      await run("griffin.complete");
      assert.deepEqual([said().length, notified.splice(0).length], [inStatusBar, inNotification], String(support));
    }
  });

  it("tells that a snooze begins and ends", async () => {
    const { snooze, run, said } = setUp();
    await run("griffin.snooze");
    assert.match(said()[0]!, /only when you ask, until .*\d\d/);
    assert.notEqual(snooze.endsAt, undefined);
    await run("griffin.endSnooze");
    assert.deepEqual(said(), ["Griffin: The snooze has ended."]);
    assert.equal(snooze.endsAt, undefined);
  });
});

describe("why the model cannot be asked", () => {
  it("a model of the user's that cannot be loaded can be changed for another at once", async () => {
    const { workspace, window, process, supervisor, run, said } = setUp();
    supervisor.start();
    process.say({ type: "failed", message: "There is no folder /models/gone." });
    const buttons = async (path: string) => {
      workspace.set("griffin.model.path", path);
      await run("griffin.complete");
      const [message] = window.messages;
      said();
      return message!;
    };
    assert.deepEqual((await buttons("")).buttons, ["Restart Engine", "Show Log"]);
    const message = await buttons("/models/gone");
    assert.deepEqual(message.buttons, ["Choose a Model", "Restart Engine", "Show Log"]);
    message.choose("Choose a Model");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(executedCommands, [["griffin.chooseModel"]]);
  });
});

describe("the commands that open the chat", () => {
  for (const id of ["openChat", "addSelectionToChat", "addFileToChat", "newTopic"]) {
    it(`load a model that was unloaded, also where the chat is in sight: ${id}`, async () => {
      const { supervisor, run } = setUp();
      await supervisor.stop("unloaded");
      assert.deepEqual(await run(`griffin.${id}`), ["griffin.chat.focus"]);
      assert.equal(supervisor.status.type, "starting");
    });
  }
});

describe("while the cursor is in a report and not in a file,", () => {
  for (const [command, words] of [
    ["griffin.complete", "Griffin: Open a file, and put the cursor where something is missing."],
    ["griffin.toggleLanguage", "Griffin: Open a file of the language first."],
    ["griffin.addFileToChat", "Griffin: Open a file first."],
  ] as const) {
    for (const report of ["output:griffin.log", "griffin-diagnostics:report.md"]) {
      it(`${command} asks for one: ${report}`, async () => {
        const { workspace, window, run, said, attached } = setUp();
        window.activeTextEditor = {
          document: Object.assign(new FakeDocument(report, ""), { languageId: "log" }),
          selection: cursorAt(0),
        };
        assert.deepEqual(await run(command), []);
        assert.deepEqual(said(), [words]);
        assert.deepEqual(attached, []);
        assert.equal(workspace.getConfiguration("griffin").inspect("enable").globalValue, undefined);
      });
    }
  }
});

it("the command that adds the file in front to the chat adds the file whose older side of a diff that is", async () => {
  const { window, attached, run } = setUp();
  window.activeTextEditor = { document: new FakeDocument("git:/work/a.py", ""), selection: cursorAt(0) };
  await run("griffin.addFileToChat");
  assert.deepEqual(attached, ["file:///work/a.py"]);
});

it("the command that adds files to the chat leaves out folders that are selected with them, and says so", async () => {
  const { workspace, attached, run, said } = setUp();
  const [file, folder] = ["file:///work/src/a.py", "file:///work/src"];
  workspace.directories.add(folder!);
  const uris = [file, folder].map((address) => new FakeDocument(address!, "").uri);
  await run("griffin.addFileToChat", uris[0], uris);
  assert.deepEqual([attached.splice(0), said().length], [[file], 1]);
  await run("griffin.addFileToChat", uris[0], { groupId: 0 });
  assert.deepEqual([attached, said()], [[file], []], "an editor's menu");
});

import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { GriffinApi } from "../../src/extension/main";
import { until } from "../support/until";
import { ask, askForItem, closeEverything, openEditor, readyGriffin, UNFINISHED, untilReady } from "./support";

describe("the engine behind the editor", () => {
  let api: GriffinApi;

  before(async () => {
    api = await readyGriffin();
  });

  afterEach(closeEverything);

  it("is a process of its own", () => {
    assert.notEqual(api.enginePid(), undefined);
    assert.notEqual(api.enginePid(), process.pid);
  });

  it("is unloaded by command, until somebody asks: a document that is opened does not load it", async () => {
    await vscode.commands.executeCommand("griffin.unloadModel");
    const editor = await openEditor(UNFINISHED);
    assert.deepEqual(api.engineStatus(), { type: "stopped", why: "unloaded" });
    await vscode.commands.executeCommand("griffin.complete");
    assert.equal(api.engineStatus().type, "ready");
    await askForItem(api, editor);
  });

  it("comes back by itself when it is killed in the middle of an answer, with the open documents", async () => {
    const editor = await openEditor(UNFINISHED);
    const before = api.enginePid()!;
    const answer = ask(api, editor, { trigger: vscode.InlineCompletionTriggerKind.Invoke });
    process.kill(before, "SIGKILL");
    assert.deepEqual(await answer, [], "the request ends, with nothing");
    await until("another engine runs", () => api.enginePid() !== undefined && api.enginePid() !== before);
    await untilReady(api);
    await askForItem(api, editor);
  });

  it("says what is wrong with a model folder, and takes the next one", async () => {
    const configuration = vscode.workspace.getConfiguration("griffin");
    await configuration.update("model.path", join(tmpdir(), "no-such-model"), vscode.ConfigurationTarget.Global);
    try {
      await until("the engine has failed", () => api.engineStatus().type === "failed");
      const status = api.engineStatus();
      assert.match(status.type === "failed" ? status.message : "", /no-such-model/);
      const editor = await openEditor(UNFINISHED);
      assert.deepEqual(await ask(api, editor), [], "and nothing is offered meanwhile");
    } finally {
      await configuration.update("model.path", undefined, vscode.ConfigurationTarget.Global);
    }
    await until("the setting has come to rest", () => api.engineStatus().type !== "failed");
    await untilReady(api);
  });
});

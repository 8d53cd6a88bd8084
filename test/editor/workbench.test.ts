import assert from "node:assert/strict";
import * as vscode from "vscode";
import { ask, closeEverything, griffin, openEditor, readyGriffin } from "./support";

describe("activation", () => {
  it("registers every command that the manifest names", async () => {
    await griffin();
    const { contributes } = vscode.extensions.getExtension("griffin-code.griffin-code")!.packageJSON;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }: { command: string }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});

describe("settings", () => {
  afterEach(closeEverything);

  it("have the documented defaults", () => {
    const configuration = vscode.workspace.getConfiguration("griffin");
    const enabled = { "*": true, plaintext: false, log: false, "git-commit": false };
    assert.deepEqual({ ...configuration.get<object>("enable") }, enabled);
    assert.equal(configuration.get("completion.trigger"), "automatic");
    assert.equal(configuration.get("model.path"), "");
    assert.equal(configuration.get("engine.threads"), 0);
    assert.equal(configuration.get("engine.unloadAfterMinutes"), 15);
    assert.equal(configuration.get("repository.read"), true);
    assert.deepEqual(configuration.get("repository.exclude"), []);
    assert.equal(configuration.get("repository.maxTokens"), 200_000);
    assert.equal(configuration.get("repository.diskMegabytes"), 1024);
    assert.equal(configuration.get("repository.pauseOnBattery"), true);
  });

  it("turn completions off and on by command, for the language in front or for all that are not named", async () => {
    const api = await readyGriffin();
    const configuration = () => vscode.workspace.getConfiguration("griffin");
    const editor = await openEditor("def add(a, b):\n    return |\n");
    try {
      for (const [command, entry] of [
        ["griffin.toggleAllLanguages", "*"],
        ["griffin.toggleLanguage", "python"],
      ] as const) {
        await vscode.commands.executeCommand(command);
        assert.equal(configuration().get<Record<string, boolean>>("enable")![entry], false);
        assert.deepEqual(await ask(api, editor), []);
        await vscode.commands.executeCommand(command);
        assert.equal((await ask(api, editor)).length, 1);
      }
    } finally {
      await configuration().update("enable", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("are not needed to put completions off for a while", async () => {
    const api = await readyGriffin();
    const editor = await openEditor("def add(a, b):\n    return |\n");
    await vscode.commands.executeCommand("griffin.snooze");
    try {
      assert.deepEqual(await ask(api, editor), []);
      const items = await ask(api, editor, { trigger: vscode.InlineCompletionTriggerKind.Invoke });
      assert.ok(items.length > 0);
    } finally {
      await vscode.commands.executeCommand("griffin.endSnooze");
    }
    assert.equal((await ask(api, editor)).length, 1);
  });

  it("that somebody has changed stand in the diagnostics, with the model and the last completion", async () => {
    const api = await readyGriffin();
    const editor = await openEditor("def add(a, b):\n    return |\n");
    await ask(api, editor);
    const configuration = vscode.workspace.getConfiguration("griffin");
    await configuration.update("completion.trigger", "manual", vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand("griffin.showDiagnostics");
      const text = vscode.window.activeTextEditor!.document.getText();
      assert.match(text, /Griffin Code Small, as bundled; ready after/);
      assert.match(text, /completion\.trigger: `"manual"`/);
      assert.match(text, /## Last completion\n\n- from (?:an empty state|the repository's state)/);
    } finally {
      await configuration.update("completion.trigger", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("leave it to the user when to complete", async () => {
    const api = await readyGriffin();
    const configuration = vscode.workspace.getConfiguration("griffin");
    await configuration.update("completion.trigger", "manual", vscode.ConfigurationTarget.Global);
    try {
      const editor = await openEditor("def add(a, b):\n    return |\n");
      assert.deepEqual(await ask(api, editor), []);
      const items = await ask(api, editor, { trigger: vscode.InlineCompletionTriggerKind.Invoke });
      assert.ok(items.length > 0);
    } finally {
      await configuration.update("completion.trigger", undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

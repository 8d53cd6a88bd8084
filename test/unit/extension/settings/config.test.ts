import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as config from "../../../../src/extension/settings/config";
import type { TextKind } from "../../../../src/ghostText/heldList";
import { mostThreads } from "../../../../src/machine/mostThreads";
import { FakeWorkspace, OF_WORKSPACE } from "../../../support/fakeVscode";
import { declaredSettings } from "../../../support/manifest";

/** The getter of each setting, with a value that is not the default, and what it gives when the value is another one. */
const GETTERS: Readonly<
  Record<string, { readonly get: () => unknown; readonly value: unknown; readonly gives?: unknown }>
> = {
  enable: {
    get: () => config.enabledLanguages(undefined),
    value: { "*": false, go: true },
    gives: { "*": false, plaintext: false, log: false, "git-commit": false, go: true },
  },
  "completion.trigger": { get: () => config.completionTrigger(undefined), value: "manual" },
  "completion.exclude": { get: () => config.completionExclusions(undefined), value: ["*.sql"] },
  "repository.read": { get: () => config.folderSettings(undefined).read, value: false },
  "repository.exclude": { get: () => config.folderSettings(undefined).exclude, value: ["*.sql"] },
  "repository.maxTokens": { get: () => config.repositoryLimits().maxTokens, value: 1000.5, gives: 1000 },
  "repository.diskMegabytes": { get: () => config.repositoryLimits().diskMegabytes, value: 64 },
  "repository.pauseOnBattery": { get: config.pausesOnBattery, value: false },
  "chat.endpoint": { get: config.chatEndpoint, value: "http://localhost:8000/v1" },
  "chat.endpointModel": { get: config.chatEndpointModel, value: " small-coder ", gives: "small-coder" },
  "model.path": { get: config.userModelFolder, value: " /models/own ", gives: resolve("/models/own") },
  "models.endpoint": { get: config.modelsEndpoint, value: "https://mirror.example" },
  "models.folder": { get: config.modelsFolder, value: " ~/models ", gives: join(homedir(), "models") },
  "models.keepDownloads": { get: config.keepDownloads, value: true },
  "engine.threads": { get: config.engineThreads, value: 3 },
  "engine.unloadAfterMinutes": { get: config.unloadAfterMinutes, value: 40 },
};

describe("the getters of settings", () => {
  it("are one for each", () => {
    assert.deepEqual(
      Object.keys(GETTERS)
        .map((name) => `griffin.${name}`)
        .sort(),
      Object.keys(declaredSettings).sort(),
    );
  });

  for (const [name, { get, value, gives = value }] of Object.entries(GETTERS)) {
    it(`give what griffin.${name} is set to`, () => {
      new FakeWorkspace().set(`griffin.${name}`, value);
      assert.deepEqual(get(), gives);
    });
  }

  it("give the default in place of a value of the wrong kind", () => {
    // The table of languages takes `true` for all of them, and no folder is that of no model.
    for (const [name, { get }] of Object.entries(GETTERS).filter(
      ([name]) => name !== "enable" && name !== "model.path",
    )) {
      new FakeWorkspace().set(`griffin.${name}`, { wrong: true });
      assert.deepEqual(get(), declaredSettings[`griffin.${name}`]!.default, name);
    }
  });

  it("tell whether somebody has set when the model is unloaded", () => {
    const workspace = new FakeWorkspace();
    assert.equal(config.hasUnloadMinutes(), false);
    workspace.set("griffin.engine.unloadAfterMinutes", 15);
    assert.equal(config.hasUnloadMinutes(), true);
  });

  it("give numbers that mean something, whatever is set", () => {
    const workspace = new FakeWorkspace();
    for (const name of [
      "engine.threads",
      "engine.unloadAfterMinutes",
      "repository.maxTokens",
      "repository.diskMegabytes",
    ]) {
      workspace.set(`griffin.${name}`, -1);
      assert.equal(GETTERS[name]!.get(), 0, name);
    }
  });

  it("give numbers that the machine can do something with, whatever is set", () => {
    const workspace = new FakeWorkspace();
    const limits = {
      "engine.threads": mostThreads(),
      "repository.maxTokens": declaredSettings["griffin.repository.maxTokens"]!.maximum,
    };
    for (const [name, limit] of Object.entries(limits)) {
      workspace.set(`griffin.${name}`, 1e12);
      assert.equal(GETTERS[name]!.get(), limit, name);
    }
  });

  it("limit the time to read until somebody has set how much is read", () => {
    const workspace = new FakeWorkspace();
    assert.equal(config.repositoryLimits().maxReadMs, 900_000);
    workspace.set("griffin.repository.maxTokens", 200_000);
    assert.equal(config.repositoryLimits().maxReadMs, undefined);
  });

  it("take what a folder says of itself: whether it is read, what of it is never read, and in which encoding it is", () => {
    const workspace = new FakeWorkspace(["file:///a", "file:///b"]);
    const [a, b] = workspace.workspaceFolders.map(({ uri }) => config.folderSettings(uri));
    assert.deepEqual(a, b);
    workspace.set("griffin.repository.exclude", ["*.sql"]);
    workspace.set("griffin.repository.exclude", ["customer-data/"], "file:///b");
    workspace.set("griffin.repository.read", false, "file:///b");
    workspace.set("files.encoding", "shiftjis", "file:///b");
    assert.deepEqual(
      workspace.workspaceFolders.map(({ uri }) => config.folderSettings(uri)),
      [
        { read: true, exclude: ["*.sql"], encoding: "utf8" },
        { read: false, exclude: ["customer-data/", "*.sql"], encoding: "shiftjis" },
      ],
    );
  });

  it("name the bundled model while no other one is set", () => {
    const workspace = new FakeWorkspace();
    assert.ok(config.isModelBundled());
    assert.equal(config.modelFolder("/bundled"), "/bundled");
    workspace.set("griffin.model.path", "/models/own");
    assert.ok(!config.isModelBundled());
    assert.equal(config.modelFolder("/bundled"), resolve("/models/own"));
  });
});

it("a model that the workspace names is used in the place of the user's, which is known all the same", () => {
  const workspace = new FakeWorkspace();
  workspace.set("griffin.model.path", "/models/own");
  assert.ok(!config.isModelSetByWorkspace());
  for (const [path, used] of [
    ["/models/team", resolve("/models/team")],
    ["", "/bundled"],
  ] as const) {
    workspace.set("griffin.model.path", path, OF_WORKSPACE);
    assert.ok(config.isModelSetByWorkspace());
    assert.equal(config.modelFolder("/bundled"), used);
    assert.equal(config.userModelFolder(), resolve("/models/own"));
  }
});

it("the settings that somebody has set are known with those for the language in front", () => {
  const workspace = new FakeWorkspace();
  workspace.set("griffin.engine.threads", 3);
  workspace.set("[python]griffin.completion.trigger", "manual");
  const names = ["griffin.enable", "griffin.engine.threads", "griffin.completion.trigger"];
  const changed = (languageId: string) => Object.fromEntries(config.changedSettings(names, { languageId }));
  assert.deepEqual(changed("python"), { "engine.threads": 3, "completion.trigger": "manual" });
  assert.deepEqual(changed("go"), { "engine.threads": 3 });
});

describe("whether VS Code holds its list of suggestions back", () => {
  const held = "offWhenInlineCompletions";
  // What `editor.quickSuggestions` is, and where the list is held back.
  const cases: readonly [unknown, readonly TextKind[]][] = [
    [{ other: held, comments: "off", strings: "off" }, ["other"]],
    [{ other: "on", comments: held, strings: held }, ["comments", "strings"]],
    [held, ["other", "comments", "strings"]],
    [true, []],
    [false, []],
    [undefined, []],
    [null, []],
  ];
  for (const [value, kinds] of cases) {
    it(`is told by ${JSON.stringify(value)}`, () => {
      new FakeWorkspace().set("editor.quickSuggestions", value);
      const all: readonly TextKind[] = ["other", "comments", "strings"];
      assert.deepEqual(
        all.filter((kind) => config.isListHeldBack(kind, undefined)),
        kinds,
      );
    });
  }
});

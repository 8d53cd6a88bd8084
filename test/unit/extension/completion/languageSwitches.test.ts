import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { toggleAllLanguages, toggleLanguage } from "../../../../src/extension/completion/languageSwitches";
import { FakeLog } from "../../../support/fakeLog";
import { FakeDocument, FakeWindow, FakeWorkspace, OF_WORKSPACE } from "../../../support/fakeVscode";
import { withReplaced } from "../../../support/replaced";

interface Levels {
  readonly user?: unknown;
  readonly workspace?: unknown;
  readonly folder?: unknown;
}

interface Case {
  readonly said: Levels;
  /** What a command changes of it. */
  readonly language: Levels;
  readonly all: Levels;
}

const FOLDER = "file:///work";

/** Each is for a Python document in a folder of the workspace. */
const CASES: Readonly<Record<string, Case>> = {
  "the user's where nobody says anything": {
    said: {},
    language: { user: { python: false } },
    all: { user: { "*": false } },
  },
  "the user's where only other languages are named": {
    said: { user: { go: false }, workspace: { rust: false }, folder: { c: false } },
    language: { user: { go: false, python: false } },
    all: { user: { go: false, "*": false } },
  },
  "the user's, where nothing stays that is so by default": {
    said: { user: { "*": false }, workspace: { rust: false } },
    language: { user: { "*": false, python: true } },
    all: { user: undefined },
  },
  "the user's where they say it of all languages at once": {
    said: { user: false },
    language: { user: { "*": false, python: true } },
    all: { user: undefined },
  },
  "the user's, where what stays is said otherwise farther in": {
    said: { user: { python: false }, workspace: { "*": false } },
    language: { user: { python: true } },
    all: { workspace: { "*": true } },
  },
  "the workspace's where they name it": {
    said: { user: { python: false }, workspace: { python: false }, folder: { "*": false } },
    language: { workspace: { python: true } },
    all: { folder: { "*": true } },
  },
  "the folder's where they name it": {
    said: { workspace: { "*": false }, folder: { python: true } },
    language: { folder: { python: false } },
    all: { workspace: { "*": true } },
  },
  "the folder's where they name it, whose table hides what the workspace says of all at once": {
    said: { workspace: false, folder: { python: true } },
    language: { folder: { python: false } },
    all: { workspace: { "*": false } },
  },
  "the workspace's where they say it of all languages at once": {
    said: { user: { python: true }, workspace: false },
    language: { workspace: { "*": false, python: true } },
    all: { workspace: { "*": true } },
  },
};

it("who turns completions on or off is told of languages by the names that VS Code shows", async () => {
  const log = new FakeLog();
  new FakeWorkspace();
  new FakeWindow().show(new FakeDocument("file:///a.py", ""));
  const languages = [
    { id: "python", aliases: ["Python"] },
    { id: "git-commit", aliases: ["Git Commit Message"] },
  ];
  const all = [{ packageJSON: { contributes: { languages } } }] as never;
  await withReplaced(vscode.extensions, { all }, async () => {
    await toggleLanguage(log);
    await toggleAllLanguages(log);
    await toggleAllLanguages(log);
  });
  assert.deepEqual(log.lines, [
    "info: By the user: Completions are off for Python.",
    "info: By the user: Completions are off for all languages.",
    "info: By the user: Completions are on for all languages but Plain Text, log, Git Commit Message, Python.",
  ]);
});

describe("completions are turned on and off in the settings", () => {
  for (const [where, { said, language, all }] of Object.entries(CASES)) {
    for (const [which, toggle, changes] of [
      ["for the language in front", toggleLanguage, language],
      ["for all languages", toggleAllLanguages, all],
    ] as const) {
      it(`${which}: ${where}`, async () => {
        const workspace = new FakeWorkspace([FOLDER]);
        const document = new FakeDocument(`${FOLDER}/a.py`, "");
        new FakeWindow().show(document);
        const { user, workspace: ofWorkspace, folder } = said;
        workspace.set("griffin.enable", user);
        workspace.set("griffin.enable", ofWorkspace, OF_WORKSPACE);
        workspace.set("griffin.enable", folder, FOLDER);
        await toggle(new FakeLog());
        const found = workspace.getConfiguration("griffin", document).inspect("enable");
        const { globalValue, workspaceValue, workspaceFolderValue } = found;
        const levels = { user: globalValue, workspace: workspaceValue, folder: workspaceFolderValue };
        assert.deepEqual(levels, { user, workspace: ofWorkspace, folder, ...changes });
      });
    }
  }
});

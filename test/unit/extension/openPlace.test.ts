import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as vscode from "vscode";
import { openPlace } from "../../../src/extension/openPlace";
import { FakeLog } from "../../support/fakeLog";
import { FakeWindow, FakeWorkspace } from "../../support/fakeVscode";
import { useTemporaryFolder } from "../../support/temporaryFolder";

const LINES = { startLine: 1, endLine: 2 };

/** Addresses of the fake have no drives, and on Windows not everybody may make links. */
const describeHere = process.platform === "win32" ? describe.skip : describe;

describeHere("a place that is opened", () => {
  /** The workspace's folder has a neighbour, whose name begins as its own does. */
  const at = useTemporaryFolder("all tests");
  let root: string;
  let folder: string;
  let log: FakeLog;
  let window: FakeWindow;
  let opened: string[];

  before(async () => {
    [root, folder] = [at(), at("work")];
    for (const name of ["work/src", "work-private"]) await mkdir(join(root, name), { recursive: true });
    for (const name of ["work/src/a.ts", "work/b.ipynb", "work-private/secret.ts"])
      await writeFile(join(root, name), "");
    await symlink(join(root, "work/src/a.ts"), join(folder, "inside.ts"));
    await symlink(join(root, "work-private/secret.ts"), join(folder, "outside.ts"));
    await symlink(join(root, "work-private"), join(folder, "neighbour"));
    await symlink(folder, join(root, "link"));
  });

  beforeEach(() => {
    log = new FakeLog();
    opened = [];
    const open = (how: string) => async (uri: vscode.Uri) => {
      opened.push(`${how} ${uri.fsPath.slice(root.length + 1)}`);
      return { validateRange: (range: unknown) => range };
    };
    const workspace = new FakeWorkspace([`file://${folder}`, `file://${join(root, "link")}`, "vscode-vfs://elsewhere"]);
    Object.assign(workspace, { openTextDocument: open("text"), openNotebookDocument: open("notebook") });
    window = new FakeWindow();
    Object.assign(window, { showTextDocument: async () => {}, showNotebookDocument: async () => {} });
  });

  const said = () => window.messages.map(({ text }) => text);

  for (const [name, path, how] of [
    ["lies in a folder of the workspace", "src/a.ts", "text"],
    ["is a notebook", "b.ipynb", "notebook"],
    ["is a link to what lies there", "inside.ts", "text"],
  ] as const) {
    it(`${name}: ${path}`, async () => {
      assert.equal(await openPlace({ folder, path, ...LINES }, log), true);
      assert.deepEqual([opened, said(), log.lines], [[`${how} work/${path}`], [], []]);
    });
  }

  it("lies in a folder of the workspace that is a link itself", async () => {
    assert.equal(await openPlace({ folder: join(root, "link"), path: "src/a.ts" }, log), true);
    assert.deepEqual(opened, ["text link/src/a.ts"]);
  });

  const inFolder = (path: string) => () => ({ folder, path, ...LINES });
  for (const [name, place] of [
    ["is a link to another folder's file", inFolder("outside.ts")],
    ["lies behind a link to another folder, whose name begins like this one's", inFolder("neighbour/secret.ts")],
    ["climbs out of the folder", inFolder("../work-private/secret.ts")],
    ["is the folder itself", inFolder("")],
    ["lies in a folder that is not open", () => ({ folder: join(root, "work-private"), path: "secret.ts" })],
    [
      "lies in a folder within one that is open, by another name",
      () => ({ folder: join(folder, "src"), path: "a.ts" }),
    ],
    ["lies in a folder that is on no disk", () => ({ folder: "elsewhere", path: "a.ts" })],
  ] as const) {
    it(`is not opened when it ${name}`, async () => {
      assert.equal(await openPlace(place(), log), false);
      assert.deepEqual(opened, []);
      assert.deepEqual(said(), [`Griffin: ${place().path} is not in an open folder.`]);
      assert.deepEqual(log.lines, ["warn: A place that does not lie in the workspace was not opened."]);
    });
  }

  it("is gone, which is said when it cannot be opened", async () => {
    const openTextDocument = () => Promise.reject(new Error("cannot open"));
    Object.assign(new FakeWorkspace([`file://${folder}`]), { openTextDocument });
    assert.equal(await openPlace({ folder, path: "gone.ts" }, log), false);
    assert.deepEqual(said(), ["Griffin: gone.ts cannot be opened; it may have been deleted."]);
  });
});

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { Reading } from "../../../../src/extension/repository/reading";
import { RepositorySync } from "../../../../src/extension/repository/repositorySync";
import { SourceChoices } from "../../../../src/extension/repository/sourceChoices";
import { FakeClock } from "../../../support/fakeClock";
import { FakeEngineProcess } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";
import { FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

/** Two folders on a disk that tells nothing, and one that is on none. */
function begin({ isTrusted = true } = {}) {
  const window = new FakeWindow();
  const workspace = new FakeWorkspace(["file:///work/a", "file:///work/b", "ftp://c"]);
  workspace.isTrusted = isTrusted;
  const [clock, engine] = [new FakeClock(), new FakeEngineProcess()];
  const settings = () => ({ modelFolder: "/models/small", threads: 2 });
  const supervisor = new EngineSupervisor(() => engine, settings, clock, new FakeLog());
  supervisor.start();
  const reading = new Reading(supervisor);
  const choices = new SourceChoices(fakeStore(), (message) => supervisor.send(message), assert.fail);
  const sync = new RepositorySync({ ...{ supervisor, clock, reading, choices }, stateFolder: "/states" });
  /** What the engine hears of the folders and of files, in order. */
  const told = () =>
    engine.received.flatMap((message) => {
      if (message.type === "workspace") return [message.repository.read ? "read" : "do not read"];
      return message.type === "filesChanged" ? message.paths : [];
    });
  return { window, workspace, clock, engine, reading, choices, sync, told };
}

describe("RepositorySync", () => {
  it("tells what is saved, created, deleted and renamed in VS Code, each file once", async () => {
    const { workspace, clock, engine, told } = begin();
    engine.getReady();
    workspace.create("file:///work/a/new.py", "file:///work/b/new.py");
    workspace.save("file:///work/a/new.py");
    workspace.save("file:///work/a/saved.py");
    workspace.saveNotebook("file:///work/a/saved.ipynb");
    workspace.delete("file:///work/a/gone.py", "file:///work/b/gone.py");
    workspace.rename("file:///work/a/old.py", "file:///work/b/moved.py");
    await clock.advance(10_000);
    const inA = ["new.py", "saved.py", "saved.ipynb", "gone.py", "old.py"].map((name) => `/work/a/${name}`);
    const inB = ["new.py", "gone.py", "moved.py"].map((name) => `/work/b/${name}`);
    assert.deepEqual(told(), ["read", ...inA, ...inB]);
  });

  it("tells nothing of what lies in no folder, or in one that is on no disk", async () => {
    const { workspace, clock, engine, told } = begin();
    engine.getReady();
    workspace.save("file:///elsewhere/x.py");
    workspace.save("ftp://c/x.py");
    workspace.save("untitled:Untitled-1");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["read"]);
  });

  it("loses no change from just before it tells the workspace, anew or for the first time", async () => {
    const { workspace, clock, engine, told } = begin();
    workspace.save("file:///work/a/first.py");
    engine.getReady();
    await clock.advance(10_000);
    workspace.save("file:///work/a/second.py");
    workspace.set("griffin.repository.maxTokens", 1000);
    await clock.advance(10_000);
    assert.deepEqual(told(), ["read", "/work/a/first.py", "read", "/work/a/second.py"]);
  });

  it("tells of no files while the repository is not read, and of them again when it is", async () => {
    const { workspace, clock, engine, told } = begin();
    engine.getReady();
    workspace.set("griffin.repository.read", false);
    workspace.save("file:///work/a/x.py");
    await clock.advance(10_000);
    workspace.set("griffin.repository.read", true);
    workspace.save("file:///work/a/y.py");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["read", "do not read", "read", "/work/a/y.py"]);
  });

  it("tells of no files of a folder that is not to be read, while others are", async () => {
    const { workspace, clock, engine, told } = begin();
    workspace.set("griffin.repository.read", false, "file:///work/b");
    engine.getReady();
    workspace.save("file:///work/a/x.py");
    workspace.save("file:///work/b/x.py");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["read", "/work/a/x.py"]);
    workspace.set("griffin.repository.read", true, "file:///work/b");
    workspace.save("file:///work/b/y.py");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["read", "/work/a/x.py", "read", "/work/b/y.py"]);
  });

  for (const [whose, set, said] of [
    ["the user's", [["*.sql"]], { all: ["*.sql"] }],
    ["a folder's", [["data/", "file:///work/b"]], { all: [], b: ["data/"] }],
    ["both", [["*.sql"], ["data/", "file:///work/b"]], { all: ["*.sql"], b: ["data/", "*.sql"] }],
  ] as const) {
    it(`tells what is never read: ${whose}`, () => {
      const { workspace, engine } = begin();
      engine.getReady();
      for (const [pattern, folder] of set) workspace.set("griffin.repository.exclude", [pattern], folder);
      const { folders, repository } = engine.received.findLast((message) => message.type === "workspace")!;
      const ofFolders = folders.flatMap(({ path, exclude }) => (exclude ? [[path.at(-1), exclude]] : []));
      assert.deepEqual({ all: repository.exclude, ...Object.fromEntries(ofFolders) }, said);
    });
  }

  it("hears nothing more when it has ended", async () => {
    const { workspace, clock, engine, sync, told } = begin();
    engine.getReady();
    workspace.save("file:///work/a/x.py");
    sync.dispose();
    workspace.save("file:///work/a/y.py");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["read"]);
  });

  it("has nothing read, and tells of no files, before the workspace is trusted", async () => {
    const { workspace, clock, engine, sync, told } = begin({ isTrusted: false });
    engine.getReady();
    workspace.save("file:///work/a/x.py");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["do not read"]);
    assert.notEqual(sync.plan.refusal, undefined);
    workspace.grantTrust();
    workspace.save("file:///work/a/y.py");
    await clock.advance(10_000);
    assert.deepEqual(told(), ["do not read", "read", "/work/a/y.py"]);
    assert.equal(sync.plan.refusal, undefined);
  });

  it("tells of a folder that is added", () => {
    const { workspace, engine } = begin();
    engine.getReady();
    workspace.addFolder("file:///work/d");
    const told = engine.received.flatMap((message) => (message.type === "workspace" ? [message.folders] : []));
    assert.deepEqual(
      told.map((folders) => folders.map(({ path }) => path)),
      [
        ["/work/a", "/work/b"],
        ["/work/a", "/work/b", "/work/d"],
      ],
    );
  });

  it("tells that somebody has come back, of which folders watchers have told meanwhile, and where they have told of git", async () => {
    const { window, workspace, clock, engine } = begin();
    engine.getReady();
    const cameBack = () => engine.received.flatMap((message) => (message.type === "cameBack" ? [message.told] : []));
    const comeBack = async (...written: readonly string[]) => {
      window.focus(false);
      await clock.advance(300_000);
      for (const path of written) workspace.write(`file:///work/${path}`);
      window.focus(true);
      await clock.advance(10_000);
      return cameBack()
        .at(-1)
        ?.map(({ path, isGitTold }) => `${path}${isGitTold ? " git" : ""}`);
    };
    assert.deepEqual(await comeBack(), []);
    assert.deepEqual(await comeBack("a/.git/index"), ["/work/a git"]);
    assert.deepEqual(await comeBack("a/x.py", "a/lib/.git/index", "a/.git/index.lock"), ["/work/a"]);
    assert.deepEqual(await comeBack("a/.git/HEAD", "a/x.py", "b/.git/index"), ["/work/a git", "/work/b git"]);
    workspace.save("file:///work/a/x.py");
    assert.deepEqual(await comeBack(), [], "what is saved here no watcher has told");
    engine.exit("signal SIGKILL");
    window.focus(false);
    window.focus(true);
    await clock.advance(600_000);
    assert.equal(cameBack().length, 5);
  });

  it("tells in which encoding the files are when that is said", () => {
    const { workspace, engine } = begin();
    engine.getReady();
    workspace.set("files.encoding", "eucjp", "file:///work/b");
    const told = engine.received.flatMap((message) => (message.type === "workspace" ? [message.folders] : []));
    assert.deepEqual(
      told.map((folders) => folders.map(({ encoding }) => encoding)),
      [
        ["utf8", "utf8"],
        ["utf8", "eucjp"],
      ],
    );
  });

  it("tells an engine that comes back everything again: the folders, the pause and what is switched off", async () => {
    const { clock, engine, reading, choices } = begin();
    engine.getReady();
    reading.setPaused(true);
    choices.use({ kind: "memory" }, false);
    const { length } = engine.received;
    engine.exit("signal SIGKILL");
    await clock.advance(0);
    engine.getReady();
    const told = engine.received.slice(length).map((message) => {
      if (message.type === "workspace") return message.switchedOff;
      return message.type === "pauseReading" ? (message.reason ?? "go on") : message.type;
    });
    assert.deepEqual(told.slice(-2), [[{ kind: "memory" }], "You paused it."]);
  });
});

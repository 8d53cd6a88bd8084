// What a watcher's batch comes to.

import assert from "node:assert/strict";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Changes, changedFiles, rulesChanged } from "../../../../src/engine/files/changedFiles";
import { whileFailing } from "../../../support/failingFiles";
import { git } from "./realGit";
import { useTemporaryTree } from "./temporaryTree";

const NONE: Changes = { present: [], removed: [], unread: [], rulesChanged: false, headChanged: false };

describe("a batch of changed paths", () => {
  const tree = useTemporaryTree();
  beforeEach(() => {
    tree.add({
      ".gitignore": "*.tmp\nout/\n",
      "a.ts": "",
      "b.tmp": "",
      "out/c.ts": "",
      "src/d.ts": "",
      "src/deep/e.ts": "",
      "src/deep/.env": "",
      "src/deep/f.tmp": "",
      "node_modules/p/.gitignore": "",
      "node_modules/p/g.js": "",
    });
    git(tree.path, ["init", "-q"]);
  });

  async function check(paths: readonly string[], expected: Partial<Changes>): Promise<void> {
    const rules = await tree.rules();
    const changes = await changedFiles(tree.path, rules, paths.map(tree.at.bind(tree)));
    assert.deepEqual(changes, { ...NONE, ...expected });
    assert.equal(await rulesChanged(tree.path, rules, paths.map(tree.at.bind(tree))), changes.rulesChanged);
  }

  it("tells what is there from what is gone, and drops what may not be read", () =>
    check(["a.ts", "a.ts", "never.ts", "src/d.ts"], { present: ["a.ts", "src/d.ts"], removed: ["never.ts"] }));

  it("takes nothing as gone of which the disk tells nothing just now", async () => {
    await whileFailing(tree.at("a.ts"), "EIO", ["lstat"], () =>
      whileFailing(tree.at("src/deep"), "EMFILE", ["readdir"], () =>
        check(["a.ts", "src"], { present: ["src/d.ts"], unread: ["a.ts", "src/deep"] }),
      ),
    );
    await check(["a.ts", "src"], { present: ["a.ts", "src/d.ts", "src/deep/e.ts"] });
  });

  it("takes what may not be read as gone: it may have been read under another rule", () =>
    check(["b.tmp", "src/deep/.env", "out/c.ts"], { removed: ["b.tmp", "out/c.ts", "src/deep/.env"] }));

  it("looks into folders, once", () =>
    check(["src", "src/deep", "src/deep/e.ts"], { present: ["src/d.ts", "src/deep/e.ts"] }));

  it("does not look into folders that may not be read", () => check(["out", "node_modules", "node_modules/p"], {}));

  it("knows what is not in the folder", () => check(["..", "../x"], {}));

  it("takes the folder itself for more changes than could be named", () =>
    check([""], { rulesChanged: true, headChanged: true }));

  for (const path of [".gitignore", "src/.griffinignore", ".git/info/exclude", "src/.git"]) {
    it(`new rules: ${path}`, async () => {
      tree.add({ [path === "src/.git" ? "src/.git/HEAD" : path]: "x" });
      await check([path], { rulesChanged: true });
    });
  }

  for (const path of ["node_modules/p/.gitignore", "src/node_modules/p/.gitignore"]) {
    it(`no new rules from a package's ignore file (${path})`, async () => {
      await check([path], { removed: [path] });
    });
  }

  it("new rules where a folder was a link when it was last asked for", async function () {
    if (process.platform === "win32") this.skip();
    const rules = await tree.rules();
    symlinkSync(tree.at("src"), tree.at("linked"));
    assert.equal(await rules.refusal("linked/d.ts"), "link");
    rmSync(tree.at("linked"));
    tree.add({ "linked/.gitignore": "d.ts" });
    assert.ok(await rulesChanged(tree.path, rules, [tree.at("linked/.gitignore")]));
  });

  it("a checkout moves the head, and the rest of git's own data is silent", () =>
    check([".git/HEAD", ".git/index", ".git/objects/ab/cd"], { headChanged: true }));

  it("knows a folder that came with ignore files of its own", async () => {
    const rules = await tree.rules();
    assert.equal(await rules.refusal("moved/x.ts"), undefined);
    tree.add({ "moved/.gitignore": "x.ts", "moved/x.ts": "", "moved/y.ts": "" });
    const { present } = await changedFiles(tree.path, rules, [tree.at("moved")]);
    assert.deepEqual(present, ["moved/.gitignore", "moved/y.ts"]);
    rmSync(tree.at("moved"), { recursive: true });
    assert.deepEqual((await changedFiles(tree.path, rules, [tree.at("moved")])).removed, ["moved"]);
  });

  it("understands a folder that is named by a link to it", async function () {
    if (process.platform === "win32") this.skip();
    const link = `${tree.path}-link`;
    symlinkSync(tree.path, link);
    try {
      const { present } = await changedFiles(link, await tree.rules(), [join(link, "a.ts"), tree.at("src/d.ts")]);
      assert.deepEqual(present, ["a.ts", "src/d.ts"]);
    } finally {
      rmSync(link);
    }
  });

  it("digests a checkout of 5,000 files", async () => {
    const paths = Array.from({ length: 5000 }, (_, n) => `many/${n % 50}/${n}.ts`);
    tree.add(Object.fromEntries(paths.slice(0, 2500).map((path) => [path, ""])));
    await check(paths, { present: paths.slice(0, 2500).sort(), removed: paths.slice(2500).sort() });
  });
});

// Listings against the real git, on random trees of folders and ignore files.

import assert from "node:assert/strict";
import { chmodSync, type Dirent, existsSync, rmSync, symlinkSync } from "node:fs";
import files, { type readdir } from "node:fs/promises";
import timers from "node:timers/promises";
import fc from "fast-check";
import { gitOutput } from "../../../../src/engine/files/gitCommand";
import { type Listing, listFiles } from "../../../../src/engine/files/listFiles";
import { loadRules } from "../../../../src/engine/files/readRules";
import { CALLS } from "../../../../src/engine/files/someAtOnce";
import { whileFailing } from "../../../support/failingFiles";
import { onPlatform } from "../../../support/onPlatform";
import { withReplaced } from "../../../support/replaced";
import { git } from "./realGit";
import { type Tree, useTemporaryTree } from "./temporaryTree";

describe("listing a folder", () => {
  const tree = useTemporaryTree();

  async function list(sub = "", exclude: readonly string[] = []): Promise<Listing> {
    return listFiles(await tree.rules({ globalExcludesPath: tree.at("config/git/ignore"), exclude }, sub));
  }

  const paths = (listing: Listing) => listing.files.map((file) => file.path).sort();

  function gitPaths(sub = "."): string[] {
    const env = { XDG_CONFIG_HOME: tree.at("config") };
    const output = git(tree.at(sub), ["ls-files", "-z", "-co", "--exclude-standard"], { env });
    return [...new Set(output.toString("utf8").split("\0"))].filter(Boolean).sort();
  }

  it("finds what git finds, on random trees", async () => {
    await fc.assert(
      fc.asyncProperty(randomTree(), async (planted) => {
        tree.empty();
        git(tree.path, ["init", "-q"]);
        tree.add(planted);
        assert.deepEqual(paths(await list()), gitPaths());
      }),
      { numRuns: 12 },
    );
  });

  it("finds what git finds in a folder within a repository", async () => {
    await fc.assert(
      fc.asyncProperty(randomTree(), async ({ a: _, "a/b": __, ...planted }) => {
        tree.empty();
        git(tree.path, ["init", "-q"]);
        tree.add({ ...planted, "a/b/x": "" });
        const found = gitPaths("a/b");
        fc.pre(found.length > 0); // An ignored folder that is opened all the same stands for itself.
        assert.deepEqual(paths(await list("a/b")), found);
      }),
      { numRuns: 6 },
    );
  });

  it("asks the inner repository in a repository within another", async () => {
    tree.add({ ".gitignore": "*.x\n", "in/a.x": "", "in/a.y": "", "in/.gitignore": "*.y\n", "in/a.z": "", "b.x": "" });
    git(tree.path, ["init", "-q"]);
    git(tree.at("in"), ["init", "-q"]);
    tree.add({ "in/.git/info/exclude": "*.z\n", "in/d.d": "" });
    assert.deepEqual(paths(await list()), [".gitignore", "in/.gitignore", "in/a.x", "in/d.d"]);
  });

  it("finds info/exclude of a linked work tree in the main one", async () => {
    tree.add({ "main/a": "" });
    git(tree.at("main"), ["init", "-q"]);
    git(tree.at("main"), ["add", "."]);
    git(tree.at("main"), ["commit", "-qm", "a"]);
    git(tree.at("main"), ["worktree", "add", "-q", tree.at("linked")]);
    tree.add({ "main/.git/info/exclude": "x\n", "linked/x": "", "linked/y": "" });
    assert.deepEqual(paths(await list("linked")), ["a", "y"]);
  });

  it("obeys an ignore file that the disk names in other letters than it is found by", async () => {
    tree.add({ "in/.gitignore": "*.x", "in/a.x": "", "in/a.y": "" });
    const { readdir } = files;
    const renamed = async (...about: Parameters<typeof readdir>) => {
      const entries = (await readdir(...about)) as unknown as { name: string }[];
      for (const entry of entries) if (entry.name === ".gitignore") entry.name = ".GitIgnore";
      return entries;
    };
    const listed = await withReplaced(files, { readdir: renamed as unknown as typeof readdir }, () => list());
    assert.deepEqual(paths(listed), ["in/a.y"]);
  });

  it("asks git for the ignore file of all repositories", async () => {
    tree.add({ "work/a.x": "", "work/a.y": "", "elsewhere/ignore": "*.x" });
    git(tree.at("work"), ["init", "-q"]);
    git(tree.at("work"), ["config", "core.excludesFile", "../elsewhere/ignore"]);
    const found = async () => paths(await listFiles(await loadRules(tree.at("work"))));
    assert.deepEqual(await found(), ["a.y"]);
    tree.add({ "config/git/ignore": "*.x" });
    git(tree.at("work"), ["config", "core.excludesFile", ""]);
    await withReplaced(process.env, { XDG_CONFIG_HOME: tree.at("config") }, async () => {
      assert.deepEqual(await found(), ["a.x", "a.y"], "no such file, and not the one where git looks by itself");
    });
  });

  it("asks git for it also where a repository is named that is not on this machine", async function () {
    if (process.platform === "win32") this.skip(); // There may be no HOME.
    tree.add({ "home/.gitconfig": `[core]\nexcludesFile = ${tree.at("elsewhere").replaceAll("\\", "/")}\n` });
    tree.add({ elsewhere: "*.x", "work/.git": "gitdir: /nowhere/at/all\n", "work/a.x": "", "work/a.y": "" });
    const found = async () => paths(await listFiles(await loadRules(tree.at("work"))));
    const env = { HOME: tree.at("home"), XDG_CONFIG_HOME: tree.at("none"), GIT_CONFIG_GLOBAL: undefined };
    await withReplaced(process.env, env, async () => {
      assert.deepEqual(await found(), ["a.y"], "in no repository");
      git(tree.path, ["init", "-q"]);
      assert.deepEqual(await found(), ["a.y"], "in another repository");
    });
  });

  it("lets the environment say where git's settings are, or what they are, but not what git runs", async function () {
    if (process.platform === "win32") this.skip();
    tree.add({ "elsewhere/ignore": "*.x", "work/a.x": "", "work/a.y": "" });
    tree.add({ settings: `[core]\nexcludesFile = ${tree.at("elsewhere/ignore")}\n` });
    tree.add({ "bin/program": `#!/bin/sh\ntouch '${tree.at("ran")}'\n` });
    chmodSync(tree.at("bin/program"), 0o755);
    git(tree.at("work"), ["init", "-q"]);
    const count = {
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "core.excludesFile",
      GIT_CONFIG_VALUE_0: tree.at("elsewhere/ignore"),
      GIT_CONFIG_KEY_1: "core.fsmonitor",
      GIT_CONFIG_VALUE_1: tree.at("bin/program"),
    };
    for (const env of [{ GIT_CONFIG_GLOBAL: tree.at("settings") }, { GIT_CONFIG_SYSTEM: tree.at("settings") }, count]) {
      const own = { HOME: tree.at("none"), XDG_CONFIG_HOME: undefined, GIT_CONFIG_GLOBAL: undefined };
      await withReplaced(process.env, { ...own, ...env }, async () => {
        assert.deepEqual(paths(await listFiles(await loadRules(tree.at("work")))), ["a.y"], Object.keys(env)[0]);
        const ask = (...args: string[]) => gitOutput(tree.at("work"), args, { timeoutMs: 60_000 });
        assert.equal((await ask("config", "--get", "core.fsmonitor")).output.trim(), "false");
        await ask("status");
        assert.ok(!existsSync(tree.at("ran")));
      });
    }
  });

  it("follows a link to an ignore file where git does, and to one of ours", async function () {
    if (process.platform === "win32") this.skip();
    tree.add({ "work/a.x": "", "work/a.y": "", "work/a.z": "", "work/a.g": "", "work/a.w": "" });
    git(tree.at("work"), ["init", "-q"]);
    git(tree.at("work"), ["config", "core.excludesFile", tree.at(".gitignore")]);
    tree.add({ "dot/x": "*.x", "dot/y": "*.y", "dot/z": "*.z", "dot/g": "*.g" });
    rmSync(tree.at("work/.git/info/exclude"), { force: true });
    const links = {
      ".gitignore": "x",
      "work/.git/info/exclude": "y",
      "work/.gitignore": "z",
      "work/.griffinignore": "g",
    };
    for (const [path, name] of Object.entries(links)) symlinkSync(tree.at(`dot/${name}`), tree.at(path));
    const listing = await listFiles(await loadRules(tree.at("work")));
    assert.deepEqual(paths(listing), ["a.w", "a.z"]);
    const env = { XDG_CONFIG_HOME: tree.at("none") };
    const found = git(tree.at("work"), ["ls-files", "-co", "--exclude-standard"], { env }).toString();
    assert.deepEqual(found.trim().split("\n"), [".gitignore", ".griffinignore", "a.g", "a.w", "a.z"]);
  });

  it("reads nothing while git does not say which files it ignores everywhere, and asks no git where there is none", async function () {
    if (process.platform === "win32") this.skip();
    tree.add({ "work/a.x": "", "work/a.y": "", "config/git/ignore": "*.x" });
    const refusalOfAll = async () => (await loadRules(tree.at("work"))).refusalOfAll;
    const found = async () => paths(await listFiles(await loadRules(tree.at("work"))));
    const gitThatSays = (line: string) => {
      tree.add({ "bin/git": `#!/bin/sh\n${line}\n` });
      chmodSync(tree.at("bin/git"), 0o755);
    };
    await withReplaced(process.env, { PATH: tree.at("bin"), XDG_CONFIG_HOME: tree.at("config") }, async () => {
      assert.deepEqual(await found(), ["a.y"], "no git");
      gitThatSays("exit 1");
      assert.deepEqual(await found(), ["a.y"], "nothing is set");
      gitThatSays("kill -9 $$");
      assert.equal(await refusalOfAll(), "unreadable");
      assert.deepEqual(await found(), []);
      for (const line of ["exit 128", "while echo no path is as long; do :; done"]) {
        gitThatSays(line);
        await assert.rejects(
          found(),
          /^Error: git cannot read its settings\. Run `git --no-pager config --list` in .*work to see why$/,
        );
      }
    });
  });

  it("takes a folder that the repository around it ignores, or that is vendored, as it stands", async () => {
    tree.add({ ".gitignore": "out/\n*.x\n", "out/.gitignore": "*.y\n", "out/a": "", "out/a.x": "", "out/a.y": "" });
    tree.add({ "node_modules/p/index.js": "" });
    git(tree.path, ["init", "-q"]);
    assert.deepEqual(paths(await list("out")), [".gitignore", "a", "a.x"]);
    assert.deepEqual(paths(await list("node_modules/p")), ["index.js"]);
  });

  it("counts what it leaves out, and says why, but for what every repository has", async () => {
    tree.add({ ".git/HEAD": "", "sub/.hg/store": "" });
    tree.add({ ".gitignore": "*.tmp\n", "a.tmp": "", ".griffinignore": "old/\n", "old/a.c": "", "old/b.c": "" });
    tree.add({ "src/main.c": "int x;", "src/package-lock.json": "{}", "node_modules/x/index.js": "", ".env": "A=b" });
    tree.add({ "big.c": " ".repeat(300_000), "doc/a.png": "", "doc/skip.c": "" });
    const { files, leftOut } = await list("", ["doc/skip.c"]);
    assert.deepEqual(
      files.map(({ path, bytes }) => ({ path, bytes })),
      [
        { path: ".gitignore", bytes: 6 },
        { path: ".griffinignore", bytes: 5 },
        { path: "src/main.c", bytes: 6 },
      ],
    );
    const expected = { ignored: 1, griffinignore: 1, lock: 1, vendored: 1, secret: 1, huge: 1, binary: 1, excluded: 1 };
    assert.deepEqual(leftOut, expected);
  });

  it("follows no link, so that loops and what lies outside do not matter", async function () {
    if (process.platform === "win32") this.skip(); // A user may not make links there.
    tree.add({ "outside/secret.c": "", "root/a.c": "", "root/sub/b.c": "" });
    symlinkSync(tree.at("root"), tree.at("root/sub/loop"));
    symlinkSync(tree.at("outside"), tree.at("root/out"));
    symlinkSync(tree.at("outside/secret.c"), tree.at("root/file.c"));
    assert.deepEqual(paths(await list("root")), ["a.c", "sub/b.c"]);
    const rules = await tree.rules({}, "root");
    assert.equal(await rules.refusal("out/secret.c"), "link");
    assert.equal(await rules.refusal("sub/loop/a.c"), "link");
    assert.equal(await rules.refusal("file.c"), "link");
  });

  describe("on a disk of Windows, where a folder's entries call links what a cloud keeps", () => {
    /** As libuv's scandir does there of each reparse point. */
    const listInCloud = () => {
      const { readdir } = files;
      const vague = async (...about: Parameters<typeof readdir>) => {
        const entries = (await readdir(...about)) as unknown as Dirent[];
        return entries.map(({ name }) => ({ name, isSymbolicLink: () => true, isDirectory: () => false }));
      };
      return onPlatform("win32", () =>
        withReplaced(files, { readdir: vague as unknown as typeof readdir }, () => list("root")),
      );
    };

    it("finds files and folders, and follows no link all the same", async function () {
      if (process.platform === "win32") this.skip(); // A user may not make links there.
      tree.add({ "outside/a.c": "", "root/a.c": "", "root/sub/b.c": "", "root/node_modules/p/index.js": "" });
      symlinkSync(tree.at("outside"), tree.at("root/out"));
      const listing = await listInCloud();
      assert.deepEqual([paths(listing), listing.leftOut], [["a.c", "sub/b.c"], { link: 1, vendored: 1 }]);
    });

    it("asks of some at once, as a disk may take its time", async () => {
      tree.add(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`root/${n}/a.c`, ""])));
      const { lstat } = files;
      let underWay = 0;
      let most = 0;
      const counted = async (path: string) => {
        most = Math.max(most, ++underWay);
        return lstat(path).finally(() => underWay--);
      };
      const listing = await withReplaced<object, Listing>(files, { lstat: counted }, listInCloud);
      assert.deepEqual([listing.files.length, most], [40, CALLS]);
    });

    it("says what it cannot tell just now", async () => {
      tree.add({ "root/a.c": "", "root/sub/b.c": "" });
      const { files, unread } = await whileFailing(tree.at("root/sub"), "EIO", ["lstat"], listInCloud);
      assert.deepEqual([files.map(({ path }) => path), unread], [["a.c"], ["sub"]]);
    });
  });

  it("takes an ignore file that cannot be read as a closed door", async () => {
    tree.add({ "a/.gitignore": "#".repeat(2 ** 20 + 1), "a/b.c": "", "c.c": "" });
    const { files, leftOut, unread } = await list();
    assert.deepEqual([files.map(({ path }) => path), leftOut, unread], [["c.c"], { unreadable: 1 }, ["a"]]);
    assert.equal(await (await tree.rules()).refusal("a/b.c"), "unreadable");
  });

  it("says of which folders and files the disk tells nothing just now", async () => {
    tree.add({ "a/b/c.c": "", "a/d.c": "", "e.c": "" });
    const { files, leftOut, unread } = await whileFailing(tree.at("a/b"), "EIO", ["readdir"], () =>
      whileFailing(tree.at("e.c"), "EIO", ["lstat"], () => list()),
    );
    const found = { files: files.map(({ path }) => path), leftOut, unread };
    assert.deepEqual(found, { files: ["a/d.c"], leftOut: { unreadable: 2 }, unread: ["e.c", "a/b"] });
  });

  it("takes the setting from the folder that is open, wherever its repository begins", async () => {
    tree.add({ "sub/out/a.c": "", "sub/in/out/a.c": "", ".griffinignore": "/sub/b.c", "sub/b.c": "", "sub/c.c": "" });
    git(tree.path, ["init", "-q"]);
    assert.deepEqual(paths(await list("sub", ["/out"])), ["c.c", "in/out/a.c"]);
  });

  it("has each file of a large folder once", async () => {
    const names = Array.from({ length: 70 }, (_, n) => `${n}.c`);
    tree.add(Object.fromEntries(names.map((name) => [name, ""])));
    assert.deepEqual(paths(await list()), names.sort());
  });

  it("stops at a number of files, and when it is told to", async () => {
    for (let n = 0; n < 50; n++) tree.add({ [`${n % 5}/${n}.c`]: "" });
    const rules = await tree.rules();
    const { files, leftOut } = await listFiles(rules, undefined, { maxFiles: 12 });
    assert.equal(files.length, 12);
    assert.ok(leftOut.tooMany);
    const abort = new AbortController();
    const listing = listFiles(rules, abort.signal);
    abort.abort(new Error("enough"));
    await assert.rejects(listing, /enough/);
  });

  it("lets other work in between", async () => {
    let looks = 0;
    let mostLooks = 0;
    const entries = Array.from({ length: 20_000 }, (_, n) => ({
      get name() {
        looks++;
        return `${n}.png`;
      },
      isFile: () => true,
      ...{ isDirectory: () => false, isSymbolicLink: () => false },
    }));
    const { setImmediate: turn } = timers;
    let turns = 0;
    let timeMs = 0;
    const counting = (async () => {
      turns++;
      mostLooks = Math.max(mostLooks, looks);
      await turn();
      looks = 0;
    }) as typeof turn;
    const { leftOut } = await withReplaced(files, { readdir: (async () => entries) as unknown as typeof readdir }, () =>
      withReplaced(timers, { setImmediate: counting }, () =>
        withReplaced(performance, { now: () => timeMs++ }, () => list()),
      ),
    );
    assert.deepEqual(leftOut, { binary: 20_000 });
    // Each entry takes a millisecond.
    assert.ok(turns >= 1_000, `${turns} turns`);
    assert.ok(mostLooks <= 2 * entries.length, `${mostLooks} looks at names in one turn`);
  });
});

const NAMES = ["a", "b", "ab", "x.c", "y.h", "é"];

function randomTree(): fc.Arbitrary<Tree> {
  const pathOf = fc
    .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 })
    .map((names) => `${names.join("/")}`);
  const files = fc.array(pathOf, { minLength: 10, maxLength: 40 }).map(withoutCollisions);
  const line = fc
    .tuple(
      fc.constantFrom("", "", "!", "/", "!/"),
      fc.array(fc.constantFrom(...NAMES, "*", "**", "/", "/", "*.c", "[ab]", "?"), { minLength: 1, maxLength: 5 }),
      fc.constantFrom("", "", "/"),
    )
    .map(([start, middle, end]) => start + middle.join("") + end);
  const ignoreFile = fc.array(line, { maxLength: 4 }).map((lines) => lines.join("\n"));
  const ignoreFiles = fc.array(fc.tuple(fc.nat(), ignoreFile), { maxLength: 5 });
  return fc.tuple(files, ignoreFiles, ignoreFile, ignoreFile).map(([list, ignores, info, global]) => {
    const tree: Record<string, string> = Object.fromEntries(list.map((path) => [path, ""]));
    const folders = ["", ...new Set(list.map((path) => path.slice(0, path.lastIndexOf("/") + 1)))];
    for (const [index, content] of ignores) tree[`${folders[index % folders.length]}.gitignore`] = content;
    tree[".git/info/exclude"] = `config/\n${info}`;
    tree["config/git/ignore"] = global;
    return tree;
  });
}

/** A name cannot be a file and a folder. */
function withoutCollisions(paths: readonly string[]): string[] {
  const files = [...new Set(paths)];
  return files.filter((path) => !files.some((other) => other.startsWith(`${path}/`)));
}

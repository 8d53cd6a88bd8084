// The order in which files are read, from real histories; and that a hostile repository's settings run nothing.

import assert from "node:assert/strict";
import processes from "node:child_process";
import { EventEmitter } from "node:events";
import { chmodSync, existsSync, utimesSync } from "node:fs";
import { CommitHistory } from "../../../../src/engine/files/commitHistory";
import { readCommitTimes } from "../../../../src/engine/files/commitTimes";
import { gitOutput } from "../../../../src/engine/files/gitCommand";
import { orderByStability } from "../../../../src/engine/files/orderByStability";
import { withReplaced } from "../../../support/replaced";
import { git } from "./realGit";
import { useTemporaryTree } from "./temporaryTree";

describe("the order of files", () => {
  const tree = useTemporaryTree();

  function commit(second: number, ...paths: string[]): void {
    for (const path of paths) tree.add({ [path]: `${second}` });
    git(tree.path, ["add", "."]);
    const date = `2001-01-01T00:00:${String(second).padStart(2, "0")}Z`;
    git(tree.path, ["commit", "-qm", `${second}`], { env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } });
  }

  /** Makes the last commit one that asks for `gpg.program` when it is shown. */
  function sign(): void {
    const commit = git(tree.path, ["cat-file", "commit", "HEAD"]).toString();
    const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\n";
    const input = commit.replace("\n\n", `\n${signature}`);
    const id = git(tree.path, ["hash-object", "-t", "commit", "-w", "--stdin"], { input }).toString().trim();
    git(tree.path, ["update-ref", "HEAD", id]);
  }

  /** Files modified in the order in which they stand. */
  function files(...paths: string[]) {
    return paths.map((path, index) => ({ path, modifiedMs: 1e12 + index * 1000 }));
  }

  async function order(
    list: ReturnType<typeof files>,
    options = {},
    folder = "",
    history = new CommitHistory(),
  ): Promise<string> {
    return (await orderByStability(tree.at(folder), list, options, history)).map(({ path }) => path).join(" ");
  }

  it("is that of the last commits, then of the paths; what was never committed is last", async () => {
    git(tree.path, ["init", "-q"]);
    commit(1, "b", "a", "old", "é", "a b");
    commit(2, "sub/x");
    commit(3, "a");
    assert.equal(await order(files("new", "a", "sub/x", "é", "b", "old", "a b")), "a b b old é sub/x a new");
  });

  it("is found within a folder of a repository", async () => {
    git(tree.path, ["init", "-q"]);
    commit(1, "sub/b", "x");
    commit(2, "sub/a", "b");
    commit(3, "x");
    assert.equal(await order(files("a", "b"), {}, "sub"), "b a");
  });

  it("sees past merges, renames and deletions", async () => {
    git(tree.path, ["init", "-q", "-b", "main"]);
    commit(1, "a", "b", "c");
    git(tree.path, ["switch", "-qc", "side"]);
    commit(2, "b");
    git(tree.path, ["switch", "-q", "main"]);
    git(tree.path, ["mv", "c", "d"]);
    commit(3, "e");
    const date = { GIT_COMMITTER_DATE: "2001-01-01T00:00:09Z" };
    git(tree.path, ["merge", "-q", "--no-ff", "-m", "merge", "side"], { env: date });
    assert.equal(await order(files("e", "d", "b", "a")), "a b d e");
  });

  it("asks only for commits that are new, where they follow those that it has seen and name all that is new", async () => {
    git(tree.path, ["init", "-q", "-b", "main"]);
    commit(1, "a", "b", "c", "d");
    git(tree.path, ["switch", "-qc", "side"]);
    commit(2, "c");
    git(tree.path, ["switch", "-q", "main"]);
    commit(3, "b", "c");
    const history = new CommitHistory();
    /** Whether what was never committed is last, and not first: then no commit was left out. */
    const look = (mostCommits: number, ...more: string[]) =>
      order(files("new", "c", "b", "a", ...more), { maxCommits: mostCommits }, "", history);
    assert.equal(await look(9), "a b c new");
    assert.equal(await look(0), "a b c new", "nothing is new");
    git(tree.path, ["merge", "-qs", "ours", "-m", "merge", "side"]);
    assert.equal(await look(4), "a b c new", "what is merged is older");
    commit(5, "a", "e");
    assert.equal(await look(2, "e"), "b c a e new");
    assert.equal(await look(9, "e", "d"), "d b c a e new", "it was committed before and not asked for");
    git(tree.path, ["reset", "-q", "--hard", "HEAD~1"]);
    commit(6, "b");
    assert.equal(await look(9), "a c b new", "another branch");
    git(tree.path, ["commit", "-q", "--allow-empty", "-m", "empty"]);
    const another = git(tree.path, ["rev-parse", "HEAD"]).toString().trim();
    assert.equal(await look(2), "a c b new");
    git(tree.path, ["reset", "-q", "--hard", "HEAD~1"]);
    git(tree.path, ["reflog", "expire", "--expire=now", "--all"]);
    git(tree.path, ["prune", "--expire=now", another]);
    assert.equal(await look(9), "a c b new", "the commit is gone");
  });

  it("takes what is older than the commits that are looked at as the oldest", async () => {
    git(tree.path, ["init", "-q"]);
    commit(1, "c", "b");
    commit(2, "x");
    commit(3, "a");
    assert.equal(await order(files("a", "b", "c", "x"), { maxCommits: 2 }), "b c x a");
  });

  it("is that of the files' last changes when git is missing or too slow", async function () {
    git(tree.path, ["init", "-q"]);
    commit(1, "a");
    commit(2, "b");
    assert.equal(await order(files("b", "a"), { git: "no-such-git" }), "b a");
    if (process.platform === "win32") this.skip();
    tree.add({ slow: "#!/bin/sh\nexec sleep 60\n" });
    chmodSync(tree.at("slow"), 0o755);
    assert.equal(await order(files("b", "a"), { git: tree.at("slow"), timeoutMs: 50 }), "b a");
  });

  it("is the same where the system starts no git, for want of memory or of open files", async () => {
    git(tree.path, ["init", "-q"]);
    commit(1, "a");
    const withoutMemory = () => {
      throw new Error("spawn ENOMEM");
    };
    // Node makes no streams then.
    const withoutFiles = () => {
      const child = Object.assign(new EventEmitter(), { kill() {} });
      process.nextTick(() => child.emit("error", Object.assign(new Error("spawn EMFILE"), { code: "EMFILE" })));
      return child;
    };
    for (const spawn of [withoutMemory, withoutFiles]) {
      assert.equal(await withReplaced<object, string>(processes, { spawn }, () => order(files("b", "a"))), "b a");
    }
  });

  it("is given up without a signal to anybody where no git was started", async () => {
    const givingUp = new AbortController();
    let kills = 0;
    const spawn = () => {
      const child = Object.assign(new EventEmitter(), { pid: undefined, kill: () => kills++ });
      process.nextTick(() => givingUp.abort(new Error("enough")));
      process.nextTick(() => child.emit("error", Object.assign(new Error("spawn EAGAIN"), { code: "EAGAIN" })));
      return child;
    };
    const ask = () => gitOutput(tree.path, ["--version"], { timeoutMs: 1_000, signal: givingUp.signal });
    const { end } = await withReplaced<object, { end: string }>(processes, { spawn }, ask);
    assert.deepEqual([end, kills], ["interrupted", 0]);
    assert.equal((await ask()).output, "", "none is begun any more");
  });

  it("needs no git that is newer than the oldest system's", async function () {
    if (process.platform === "win32") this.skip();
    git(tree.path, ["init", "-q"]);
    commit(1, "b");
    commit(2, "a");
    const newer = ["--no-diff-merges", "--diff-merges", "--no-mailmap", "--mailmap"];
    tree.add({
      old: `#!/bin/sh\nfor word; do case $word in ${newer.join("|")}) exit 128;; esac; done\nexec git "$@"\n`,
    });
    chmodSync(tree.at("old"), 0o755);
    assert.equal(await order(files("a", "b"), { git: tree.at("old") }), "b a");
  });

  it("keeps what git said before it was ended, as when it takes too long", async function () {
    if (process.platform === "win32") this.skip();
    tree.add({ ended: "#!/bin/sh\nprintf '//@2\\0\\nb\\0a\\0//@1\\0'\nkill -9 $$\n" });
    chmodSync(tree.at("ended"), 0o755);
    assert.equal(await order(files("b", "a", "old"), { git: tree.at("ended") }), "old a b");
  });

  it("keeps what git said before a name that has no end", async function () {
    if (process.platform === "win32") this.skip();
    tree.add({ endless: "#!/bin/sh\nprintf '//@2\\0\\nb\\0'\nwhile echo no path is as long; do :; done\n" });
    chmodSync(tree.at("endless"), 0o755);
    const times = await readCommitTimes(tree.path, ["b", "a"], { git: tree.at("endless") });
    assert.deepEqual(times, { seconds: new Map([["b", 2]]), complete: false, isCut: false });
  });

  it("is not taken for all that git says when it was ended: the next look sees more", async function () {
    if (process.platform === "win32") this.skip();
    git(tree.path, ["init", "-q"]);
    commit(1, "c");
    commit(2, "a");
    commit(3, "b");
    const ended = "case $word in log) printf '//@3\\0\\nb\\0'; kill -9 $$;; esac";
    tree.add({ ended: `#!/bin/sh\nfor word; do ${ended}; done\nexec git "$@"\n` });
    chmodSync(tree.at("ended"), 0o755);
    const history = new CommitHistory();
    assert.equal(await order(files("b", "a", "c"), { git: tree.at("ended") }, "", history), "a c b");
    assert.equal(await order(files("b", "a", "c"), {}, "", history), "c a b");
  });

  it("is that of the files' last changes where there is no repository, or no commit", async () => {
    assert.equal(await order(files("b", "a")), "b a");
    git(tree.path, ["init", "-q"]);
    assert.equal(await order(files("b", "a")), "b a");
  });

  it("runs nothing that the repository's settings name", async function () {
    if (process.platform === "win32") this.skip();
    git(tree.path, ["init", "-q"]);
    commit(1, "a.txt");
    commit(2, "b.txt");
    const script = `#!/bin/sh\ntouch ${tree.at("ran")}\ncat\n`;
    const run = tree.at("run");
    tree.add({ run: script, ".gitattributes": "*.txt diff=evil filter=evil\n" });
    chmodSync(run, 0o755);
    sign();
    const settings = [
      ...[
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "core.askPass",
        "diff.external",
        "pager.log",
      ],
      ...["diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process"],
      ...[
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",

        "core.gitProxy",
        "interactive.diffFilter",
      ],
    ];
    for (const name of settings) git(tree.path, ["config", name, run]);
    for (const [name, value] of Object.entries(OBSTRUCTIONS)) git(tree.path, ["config", name, value]);
    utimesSync(tree.at("a.txt"), 1, 1);
    assert.equal(await order(files("b.txt", "a.txt")), "a.txt b.txt");
    assert.equal(existsSync(tree.at("ran")), false);
    // The trap is a real one.
    git(tree.path, ["log", "-1"], { mayFail: true });
    assert.equal(existsSync(tree.at("ran")), true);
  });
});

/** Settings that would change what `git log` prints. */
const OBSTRUCTIONS = {
  "log.showSignature": "true",
  "color.ui": "always",
  "core.quotePath": "true",
  "diff.relative": "false",
  "diff.renames": "copies",
  "log.showRoot": "false",
  "log.decorate": "full",
  "log.follow": "true",
  "log.diffMerges": "on",
  "format.pretty": "raw",
  "format.notes": "true",
  "diff.orderFile": "no such file",
  "log.excludeDecoration": "*",
};

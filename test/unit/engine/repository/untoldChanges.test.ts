import assert from "node:assert/strict";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { UntoldChanges } from "../../../../src/engine/repository/untoldChanges";
import { clocksAt } from "../../../support/clocks";
import { whileFailing } from "../../../support/failingFiles";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const TOLD = { path: "/work", isGitTold: false };
const GIT_TOLD = { ...TOLD, isGitTold: true };

describe("changes that nobody has told of", () => {
  const root = useTemporaryFolder();
  let now = 0;
  const clocks = clocksAt(() => now);

  /** As git does it: the new file takes the old one's place. */
  async function git(file: "HEAD" | "index", at = ".git") {
    await mkdir(root(at), { recursive: true });
    await writeFile(root(at, `${file}.lock`), String(Math.random()));
    await rename(root(at, `${file}.lock`), root(at, file));
  }

  async function begin(folder = root()): Promise<UntoldChanges> {
    const untold = new UntoldChanges(folder, clocks);
    await untold.begin();
    return untold;
  }

  it("are likely once where git has changed its index or its HEAD, and no watcher has told of that", async () => {
    for (const file of ["HEAD", "index"] as const) await git(file);
    const untold = await begin();
    assert.equal(await untold.areLikely(undefined), false);
    for (const file of ["HEAD", "index"] as const) {
      await git(file);
      // A watcher that sees files says nothing of what it does not see.
      assert.equal(await untold.areLikely(TOLD), true, file);
      assert.equal(await untold.areLikely(undefined), false, "once");
      await git(file);
      assert.equal(await untold.areLikely(GIT_TOLD), false, "told");
      assert.equal(await untold.areLikely(undefined), false, "told before");
    }
  });

  it("are likely in a part of a repository, or in a linked work tree, where nothing at all was told", async () => {
    await git("HEAD");
    await mkdir(root("part"));
    await git("HEAD", ".git/worktrees/other");
    await mkdir(root("other"));
    await writeFile(root("other", ".git"), `gitdir: ${root(".git", "worktrees", "other")}\n`);
    for (const [folder, at] of [
      ["part", ".git"],
      ["other", ".git/worktrees/other"],
    ] as const) {
      const untold = await begin(root(folder));
      await git("index", at);
      assert.equal(await untold.areLikely(undefined), true, folder);
      await git("index", at);
      assert.equal(await untold.areLikely(TOLD), false, folder);
    }
  });

  it("are likely without git when nothing was told for an hour, once an hour", async () => {
    const untold = await begin();
    now += 3_500_000;
    assert.equal(await untold.areLikely(undefined), false);
    assert.equal(await untold.areLikely(TOLD), false);
    now += 3_500_000;
    assert.equal(await untold.areLikely(undefined), false);
    now += 100_000;
    assert.equal(await untold.areLikely(undefined), true);
    assert.equal(await untold.areLikely(undefined), false);
  });

  it("are not known while the disk does not answer, and then as before", async () => {
    await git("HEAD");
    const untold = await begin();
    await git("index");
    await whileFailing(root(".git", "index"), "EIO", ["lstat"], async () => {
      assert.equal(await untold.areLikely(undefined), false);
    });
    assert.equal(await untold.areLikely(undefined), true);
    await rm(root(".git"), { recursive: true });
    assert.equal(await untold.areLikely(GIT_TOLD), false);
  });
});

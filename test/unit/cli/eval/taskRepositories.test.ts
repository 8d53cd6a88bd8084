import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TaskRepositories } from "../../../../src/cli/eval/taskRepositories";
import { type ReadingModel, readingModel } from "../../../support/readingModel";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const FILES = [
  { path: "src/area.py", text: "def area_of(shape):\n    return shape.width * shape.height\n" },
  { path: "src/b/shape.py", text: "class Shape:\n    pass\n" },
];

describe("task repositories", () => {
  const state = useTemporaryFolder();
  let lm: ReadingModel;
  beforeEach(async () => {
    lm = await readingModel();
  });

  it("are read once, offer all sources, and leave nothing but states behind", async () => {
    const repositories = new TaskRepositories({ lm, stateFolder: state(), maxTokens: 10_000 });
    const context = await repositories.contextOf(FILES, "src/live.py");
    assert.equal(context.path, "src/live.py");
    assert(context.memory?.has("src/b/shape.py"));
    assert(context.snippets?.has("src/area.py"));
    const read = lm.takeText();
    assert(read.includes("def area_of") && read.includes("class Shape"), read);

    assert.equal((await repositories.contextOf([...FILES], "src/more.py")).trunk?.state, context.trunk?.state);
    assert.equal(lm.takeText(), "");
    await repositories.close();
    assert.deepEqual(await readdir(state("folders")), []);
  });

  it("are restored in the next run", async () => {
    const options = { lm, stateFolder: state(), maxTokens: 10_000 };
    const first = new TaskRepositories(options);
    const before = await first.contextOf(FILES, "src/live.py");
    await first.close();
    lm.takeText();
    const second = new TaskRepositories(options);
    const after = await second.contextOf(FILES, "src/live.py");
    await second.close();
    assert.equal(lm.takeText(), "");
    assert.equal(after.trunk?.state.position, before.trunk?.state.position);
  });

  it("remove what a run that was killed has left, and not what another one uses", async () => {
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const [abandoned, used] = await Promise.all(
      [dead, process.ppid].map((pid) => mkdtemp(join(tmpdir(), `griffin-eval-${pid}-`))),
    );
    const repositories = new TaskRepositories({ lm, maxTokens: 0 });
    await repositories.contextOf(FILES, "src/live.py");
    await repositories.close();
    assert.equal(existsSync(abandoned!), false);
    assert.equal(existsSync(used!), true);
    await rm(used!, { recursive: true });
  });

  it("remove no folder into which others may write, nor through a link", async function () {
    if (process.platform === "win32") this.skip();
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const open = await mkdtemp(join(tmpdir(), `griffin-eval-${dead}-`));
    await chmod(open, 0o777);
    const link = `${open}-link`;
    await symlink(state(), link);
    const repositories = new TaskRepositories({ lm, maxTokens: 0 });
    await repositories.contextOf(FILES, "src/live.py");
    await repositories.close();
    assert.deepEqual([existsSync(open), existsSync(link)], [true, true]);
    await rm(link);
    await rm(open, { recursive: true });
  });

  it("have no trunk when none is wanted", async () => {
    const repositories = new TaskRepositories({ lm, maxTokens: 0 });
    const context = await repositories.contextOf(FILES, "src/live.py");
    await repositories.close();
    assert.equal(context.trunk, undefined);
    assert.equal(lm.takeText(), "");
    assert(context.memory?.has("src/area.py"));
  });

  it("refuse to hold the task's own file, and paths that lead out of them", async () => {
    const repositories = new TaskRepositories({ lm, stateFolder: state(), maxTokens: 0 });
    await assert.rejects(repositories.contextOf(FILES, "src/area.py"), /must not hold this file itself/);
    for (const path of ["../out.py", "a/../../out.py", "."]) {
      await assert.rejects(repositories.contextOf([{ path, text: "x" }], "live.py"), /does not lie in its repository/);
    }
    assert.deepEqual(await readdir(state("folders")), []);
  });
});

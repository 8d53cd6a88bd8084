// A repository while the disk does not tell what may be read.

import assert from "node:assert/strict";
import files, { mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { mock } from "node:test";
import { undisturbed } from "../../../src/engine/modelAccess";
import type { DocumentOffer } from "../../../src/engine/repository/offer";
import { Permission } from "../../../src/engine/repository/permission";
import { StateStore } from "../../../src/engine/stateStore/stateStore";
import { whileFailing } from "../../support/failingFiles";
import { nextCall, withReplaced } from "../../support/replaced";
import { contentOf, FILES, pathsRead, phase, UNREADABLE, untilPhase, useScene } from "../../support/scene";
import { until } from "../../support/until";

describe("a repository whose rules cannot be read", () => {
  const scene = useScene();

  it("shows nothing of what it has read while an ignore file cannot be read, and forgets nothing either", async () => {
    const repository = await scene.read();
    const { epoch, state } = scene.offer(repository).trunk!;
    const saved = await readdir(scene.states);
    scene.lm.takeText();
    await scene.write({ ".gitignore": UNREADABLE });
    await scene.changed(repository, ".gitignore");
    assert.equal(phase(repository), "failed");
    assert.ok(isBare(scene.offer(repository)));
    assert.deepEqual(repository.folders(), []);
    assert.deepEqual(await readdir(scene.states), saved);
    await scene.write({ ".gitignore": FILES[".gitignore"]! });
    await untilPhase(repository, "done");
    assert.equal(scene.offer(repository).trunk!.epoch, epoch);
    assert.equal(scene.offer(repository).trunk!.state, state);
    assert.ok(scene.offer(repository).memory!.has("src/main.ts"));
    assert.equal(scene.lm.takeText(), "");
  });

  it("shows nothing of what it has read from when an ignore file changes until it is obeyed", async () => {
    let isFree = true;
    const repository = await scene.read({
      background: async (_priority, work) => {
        await until("the model is free", () => isFree);
        await work(undisturbed);
      },
    });
    isFree = false;
    await scene.write({ ".griffinignore": "README.md\n" });
    const obeying = scene.changed(repository, ".griffinignore");
    await until("nothing is offered", () => isBare(scene.offer(repository)));
    assert.deepEqual(repository.folders(), []);
    isFree = true;
    await until("something is offered again", () => !isBare(scene.offer(repository)));
    assert.ok(!scene.offer(repository).memory!.has("README.md") && !pathsRead(repository).includes("README.md"));
    await obeying;
  });

  it("shows nothing of what it has read while a second ignore file is loaded that changed when the first one was", async () => {
    const repository = await scene.read();
    const { open: openFile } = files;
    const isShown: boolean[] = [];
    let obeyingSecond: Promise<void> | undefined;
    const open: typeof openFile = async (path, ...rest) => {
      if (`${path}` === join(await realpath(scene.folder), ".griffinignore")) {
        isShown.push(!isBare(scene.offer(repository)));
        if (obeyingSecond === undefined) {
          await scene.write({ "src/.gitignore": "shapes.ts\n" });
          const isKnown = nextCall(Permission.prototype, "markRulesOld");
          obeyingSecond = scene.changed(repository, "src/.gitignore");
          await isKnown;
        }
      }
      return openFile(path, ...rest);
    };
    await withReplaced(files, { open }, async () => {
      await scene.write({ ".griffinignore": "README.md\n" });
      await scene.changed(repository, ".griffinignore");
      await obeyingSecond;
    });
    assert.deepEqual(isShown.slice(0, 2), [false, false]);
    assert.deepEqual(pathsRead(repository).sort(), [".gitignore", ".griffinignore", "src/.gitignore", "src/main.ts"]);
  });

  it("does not say that it cannot be read where only a rule file has changed", async () => {
    const repository = await scene.read();
    const { removeHaving } = StateStore.prototype;
    let obeyingSecond: Promise<void> | undefined;
    const removeHavingLater: typeof removeHaving = async function (this: StateStore, ...args) {
      if (obeyingSecond === undefined) {
        await scene.write({ "src/.gitignore": "shapes.ts\n" });
        const isKnown = nextCall(Permission.prototype, "markRulesOld");
        obeyingSecond = scene.changed(repository, "src/.gitignore");
        await isKnown;
      }
      return removeHaving.apply(this, args);
    };
    await withReplaced(StateStore.prototype, { removeHaving: removeHavingLater }, async () => {
      await scene.write({ ".griffinignore": "README.md\n" });
      await scene.changed(repository, ".griffinignore");
      await obeyingSecond;
    });
    assert.deepEqual(scene.logged, []);
    assert.deepEqual(pathsRead(repository).sort(), [".gitignore", ".griffinignore", "src/.gitignore", "src/main.ts"]);
  });

  it("keeps what it knows of what cannot be listed or opened for a moment, and looks again by itself", async () => {
    const repository = await scene.read();
    const { epoch } = scene.offer(repository).trunk!;
    scene.lm.takeText();
    const hiccups = [
      { of: "", call: "readdir", notice: ".git/HEAD" },
      { of: "src", call: "readdir", notice: ".git/HEAD" },
      { of: "src/main.ts", call: "open", notice: ".git/HEAD" },
      { of: "src/main.ts", call: "open", notice: "src/main.ts" },
      { of: "src/main.ts", call: "lstat", notice: "src/main.ts" },
    ] as const;
    const { linesOf } = repository.folders()[0]!;
    for (const [index, { of, call, notice }] of hiccups.entries()) {
      const text = `// after hiccup ${index}`;
      await whileFailing(join(scene.folder, of), "EMFILE", [call], async () => {
        await scene.write({ "src/main.ts": text });
        await scene.changed(repository, notice);
        assert.ok(scene.offer(repository).memory!.has("src/main.ts"), text);
        assert.equal(scene.offer(repository).trunk!.epoch, epoch);
        assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
      });
      await until(
        "the new text is known",
        () => linesOf("src/main.ts")?.[0],
        (line) => line === text,
      );
    }
    assert.ok(!scene.lm.takeText().includes("area(width"), "read again for nothing");
  });

  it("keeps what it knows of a folder whose ignore file could not be opened just when it was listed", async () => {
    await scene.write({ "src/.gitignore": "*.log\n" });
    const repository = await scene.read();
    const { epoch } = scene.offer(repository).trunk!;
    scene.lm.takeText();
    const { readdir: list, open: openFile } = files;
    let isListed = false;
    let hasFailed = false;
    const listNoting = async (path: string, options: { withFileTypes: true }) => {
      const entries = await list(path, options);
      isListed ||= basename(path) === "src";
      return entries;
    };
    const openLater: typeof openFile = async (path, ...rest) => {
      if (isListed && !hasFailed && `${path}`.endsWith(join("src", ".gitignore"))) {
        hasFailed = true;
        throw Object.assign(new Error("EMFILE"), { code: "EMFILE" });
      }
      return openFile(path, ...rest);
    };
    await withReplaced(files, { readdir: listNoting as typeof list, open: openLater }, async () => {
      await scene.write({ "src/main.ts": "// new main\n" });
      await scene.changed(repository, ".git/HEAD");
    });
    assert.ok(hasFailed && scene.offer(repository).memory!.has("src/main.ts"));
    const firstLine = () => repository.folders()[0]!.linesOf("src/main.ts")?.[0];
    await until("the new text is known", firstLine, (line) => line === "// new main");
    assert.equal(scene.offer(repository).trunk!.epoch, epoch);
    assert.ok(!scene.lm.takeText().includes("area(width"), "read again for nothing");
  });

  it("says what to do where git cannot read its settings, and reads when it can", async function () {
    if (process.platform === "win32") this.skip(); // There may be no HOME.
    const home = scene.at("home");
    await mkdir(home);
    await writeFile(join(home, ".gitconfig"), "[core\n");
    await withReplaced(process.env, { HOME: home, GIT_CONFIG_GLOBAL: undefined }, async () => {
      const repository = await scene.read();
      const { message } = repository.report().folders[0]!.progress;
      const advice =
        /^Reading work is on hold: git cannot read its settings\. Run `git --no-pager config --list` in .*work to see why\.$/;
      assert.match(message!, advice);
      await writeFile(join(home, ".gitconfig"), "");
      await untilPhase(repository, "done");
      assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
    });
  });

  it("judges no file by weaker rules while an ignore file cannot be read", async () => {
    const repository = await scene.read();
    await repository.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, false);
    await scene.write({ "src/.gitignore": UNREADABLE });
    await scene.changed(repository, "src/.gitignore");
    for (const path of ["README.md", "src/main.ts"]) {
      assert.equal(await repository.refusalsElsewhere()(scene.folder, path), "unsure", path);
    }
    await rm(join(scene.folder, "src/.gitignore"));
    await untilPhase(repository, "done");
    assert.equal(await repository.refusalsElsewhere()(scene.folder, "README.md"), "switchedOff");
    assert.equal(await repository.refusalsElsewhere()(scene.folder, "src/main.ts"), undefined);
    assert.equal(await repository.refusalsElsewhere()(join(scene.folder, "none"), "a.ts"), "unreadable");
  });

  it("keeps a question waiting once for the disk of a folder that is not read, and not once for each of its files", async () => {
    const repository = await scene.read();
    const share = join(scene.folder, "..", "share");
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      await withReplaced(files, { realpath: (() => new Promise(() => {})) as typeof realpath }, async () => {
        const refusalOf = repository.refusalsElsewhere();
        const first = refusalOf(share, "a.ts");
        for (let step = 0; step < 100; step++) mock.timers.tick(50);
        assert.equal(await first, "unreadable");
        assert.equal(await refusalOf(share, "b.ts"), "unreadable");
      });
    } finally {
      mock.timers.reset();
    }
  });

  it("forgets a file that is switched off also while an ignore file cannot be read", async () => {
    const repository = await scene.read();
    const { epoch } = scene.offer(repository).trunk!;
    await scene.write({ ".gitignore": UNREADABLE });
    await scene.changed(repository, ".gitignore");
    await repository.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, false);
    assert.equal(phase(repository), "failed");
    assert.equal(repository.report().folders[0]!.files.find(({ path }) => path === "README.md")!.tokens, 0);
    assert.ok(!(await contentOf(scene.states)).includes("README.md"));
    await scene.write({ ".gitignore": FILES[".gitignore"]! });
    await untilPhase(repository, "done");
    assert.ok(scene.offer(repository).trunk!.epoch > epoch);
  });

  it("keeps a saved state of which nobody can say just now whether it may be used", async () => {
    await scene.read();
    const saved = await readdir(scene.states);
    scene.lm.takeText();
    await scene.write({ "src/.gitignore": UNREADABLE });
    const repository = await scene.read();
    assert.ok(isBare(scene.offer(repository)));
    assert.deepEqual(await readdir(scene.states), saved);
    await rm(join(scene.folder, "src/.gitignore"));
    await untilPhase(repository, "done");
    assert.equal(scene.lm.takeText(), "");
    assert.ok(pathsRead(repository).includes("src/main.ts"));
  });

  it("goes on without a folder whose rules cannot be read for a minute, and forgets it here alone", async () => {
    const repository = await scene.read();
    const { epoch } = scene.offer(repository).trunk!;
    const saved = await readdir(scene.states);
    await scene.write({ "src/.gitignore": UNREADABLE });
    await scene.changed(repository, "src/.gitignore");
    assert.equal(phase(repository), "failed");
    scene.time += 61_000;
    await untilPhase(repository, "done");
    assert.deepEqual(pathsRead(repository).sort(), [".gitignore", "README.md"]);
    assert.ok(scene.offer(repository).trunk!.epoch > epoch);
    for (const name of saved.filter((one) => one.endsWith(".state")))
      assert.ok((await readdir(scene.states)).includes(name));
  });

  it("does without such a folder also where it has read nothing else, until somebody can say again what may be read", async () => {
    for (const path of [".gitignore", "README.md"]) await rm(join(scene.folder, path));
    await scene.read();
    await scene.write({ "src/.gitignore": UNREADABLE });
    const repository = await scene.read();
    assert.equal(phase(repository), "failed");
    scene.time += 61_000;
    await untilPhase(repository, "done");
    for (const _ of [1, 2]) {
      await scene.changed(repository, "src/main.ts");
      assert.deepEqual([phase(repository), repository.folders().length, pathsRead(repository)], ["done", 1, []]);
    }
    await rm(join(scene.folder, "src/.gitignore"));
    scene.lm.takeText();
    await scene.changed(repository, "src/.gitignore");
    assert.deepEqual(pathsRead(repository), ["src/main.ts", "src/shapes.ts"]);
    assert.equal(scene.lm.takeText(), "");
  });

  it("forgets what a file says that could not be read at first", async () => {
    const repository = await scene.read();
    await scene.write({ ".gitignore": UNREADABLE });
    await scene.changed(repository, ".gitignore");
    await scene.write({ ".gitignore": "README.md\n" });
    await untilPhase(repository, "done");
    assert.ok(!pathsRead(repository).includes("README.md"));
    assert.ok(!(await contentOf(scene.states)).includes("README.md"));
  });
});

/** Whether there is nothing of any file. */
function isBare({ trunk, snippets, memory }: DocumentOffer): boolean {
  return trunk === undefined && snippets === undefined && memory?.documentCount === 0;
}

// What happens to a repository while it is reading, or is paused.

import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ModelAccess, undisturbed } from "../../../src/engine/modelAccess";
import type { Background } from "../../../src/engine/repository/folderReader";
import type { Repository } from "../../../src/engine/repository/repository";
import { FILES, pathsRead, phase, untilPhase, useScene } from "../../support/scene";
import { until } from "../../support/until";

describe("a repository while it reads, or is paused", () => {
  const scene = useScene();

  /** Reads everything, and does something once when the trunk has read its first tokens. */
  async function readWhile(happen: (repository: Repository) => Promise<void>, afterwards = (_: Repository) => {}) {
    let repository: Repository | undefined;
    let hasHappened = false;
    const next = async () => {
      if (hasHappened) afterwards(repository!);
      else if (pathsRead(repository!).length > 0) {
        hasHappened = true;
        await happen(repository!);
      }
    };
    await scene.read({
      access: { nextRun: next },
      before: (it) => {
        repository = it;
      },
    });
    assert.ok(hasHappened);
    return repository!;
  }

  it("reads nothing more of what is ignored from now on while it is reading", async () => {
    await readWhile(async (repository) => {
      await scene.write({ ".griffinignore": "shapes.ts\n" });
      void scene.changed(repository, ".griffinignore");
    });
    assert.ok(!scene.lm.takeText().includes("area(width"));
  });

  it("reads nothing more of what a file outside the folder ignores, from the folder's next change on", async () => {
    await mkdir(scene.at(".git"));
    await writeFile(scene.at(".git/HEAD"), "ref: refs/heads/main\n");
    const repository = await readWhile(async (it) => {
      await writeFile(scene.at(".gitignore"), "shapes.ts\n");
      void scene.changed(it, "src/main.ts");
    });
    assert.ok(!scene.lm.takeText().includes("area(width"));
    assert.ok(pathsRead(repository).includes("src/main.ts") && !pathsRead(repository).includes("src/shapes.ts"));
  });

  it("reads nothing more of what is ignored when more has changed than could be named", async () => {
    await readWhile(async (repository) => {
      await scene.write({ ".griffinignore": "shapes.ts\n" });
      void repository.filesChanged([scene.folder]);
    });
    assert.ok(!scene.lm.takeText().includes("area(width"));
  });

  it("reads nothing more of what is ignored, also when all is to be looked at again anyway", async () => {
    await readWhile(async (repository) => {
      void repository.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, true);
      await scene.write({ ".griffinignore": "shapes.ts\n" });
      void scene.changed(repository, ".griffinignore");
    });
    assert.ok(!scene.lm.takeText().includes("area(width"));
  });

  it("knows what has changed while the trunk is still reading", async () => {
    let isKnown = false;
    const repository = await readWhile(
      async (it) => {
        await scene.write({ "src/new.ts": "export const fresh = 1;\n" });
        await rm(join(scene.folder, "src/main.ts"));
        void scene.changed(it, "src/new.ts", "src/main.ts");
      },
      (it) => {
        const { memory } = it.offerFor(`file://${scene.folder}/src/new.ts`);
        const isReading = !pathsRead(it).includes("src/shapes.ts");
        isKnown ||= isReading && memory!.has("src/new.ts") && !memory!.has("src/main.ts");
      },
    );
    assert.ok(isKnown);
    assert.ok(pathsRead(repository).includes("src/new.ts"));
  });

  it("lets nobody who tells of a change wait until it has been read", async () => {
    const { repository } = await scene.readingUpTo(6);
    assert.equal(phase(repository), "reading");
    await scene.write({ "src/new.ts": "export const fresh = 1;\n" });
    await repository.filesChanged([join(scene.folder, "src/new.ts")]);
    await repository.useSavedText(`file://${scene.folder}/src/new.ts`);
    repository.speedLearned();
    assert.ok(!pathsRead(repository).includes("src/new.ts"));
  });

  it("looks at everything at once, also while the trunk is still reading", async () => {
    const notices: ((it: Repository) => Promise<void>)[] = [
      (it) => scene.changed(it, ".git/HEAD"),
      (it) => it.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, true),
    ];
    for (const [index, notice] of notices.entries()) {
      const path = `src/new${index}.ts`;
      let isKnown = false;
      await readWhile(
        async (it) => {
          await scene.write({ [path]: "export const fresh = 1;\n" });
          void notice(it);
        },
        (it) => {
          isKnown ||= !pathsRead(it).includes("src/shapes.ts") && scene.offer(it).memory!.has(path);
        },
      );
      assert.ok(isKnown, path);
      await rm(scene.states, { recursive: true });
    }
  });

  /** Of many runs. */
  const LONG = { "long.md": "So it goes on, and on, and on.\n".repeat(200) };
  const longRead = () =>
    scene.lm.model.runs.filter((run) => /and on, and on/.test(scene.lm.tokenizer.decode(run))).length;

  it("knows what has changed while the trunk is reading one file, and goes on where it was in it", async () => {
    await scene.write({ ...LONG, ".gitignore": "" });
    scene.lm.takeText();
    await scene.read();
    const wanted = longRead();
    await rm(scene.states, { recursive: true });
    scene.lm.takeText();
    let repository: Repository | undefined;
    let hasChanged = false;
    let isKnown = false;
    const next = async () => {
      if (longRead() === 2 && !hasChanged) {
        hasChanged = true;
        await scene.write({ "src/new.ts": "export const fresh = 1;\n", ".griffinignore": "shapes.ts\n" });
        void scene.changed(repository!, "src/new.ts");
      } else if (longRead() === 4 && !isKnown) {
        isKnown = scene.offer(repository!).memory!.has("src/new.ts");
        void scene.changed(repository!, ".griffinignore");
      }
    };
    await scene.read({
      access: { nextRun: next },
      before: (it) => {
        repository = it;
      },
    });
    assert.ok(isKnown);
    assert.equal(longRead(), wanted);
  });

  it("does not run the model while it is paused", async () => {
    const paused = await scene.read({ before: (it) => it.setPaused("You paused it.") });
    const { progress } = paused.report().folders[0]!;
    assert.deepEqual([progress.phase, progress.message], ["paused", "You paused it."]);
    assert.equal(scene.lm.takeText(), "");
    paused.setPaused("This machine is running on battery.");
    assert.equal(paused.report().folders[0]!.progress.message, "This machine is running on battery.");
    paused.setPaused(undefined);
    await untilPhase(paused, "done");
    assert.deepEqual(pathsRead(paused).sort(), Object.keys(FILES).sort());
  });

  it("knows which files there are and what is in them also while it is paused, and follows them", async () => {
    const paused = await scene.read({ before: (it) => it.setPaused("This machine is running on battery.") });
    const { progress } = paused.report().folders[0]!;
    assert.deepEqual([progress.filesRead, progress.filesTotal], [0, Object.keys(FILES).length]);
    assert.deepEqual([...paused.folders()[0]!.paths()].sort(), Object.keys(FILES).sort());
    const { snippets, memory } = scene.offer(paused);
    assert.ok(snippets!.has("src/shapes.ts") && memory!.has("src/shapes.ts"));
    await scene.write({ "src/circle.ts": "export const circle = 1;\n" });
    await scene.changed(paused, "src/circle.ts");
    assert.ok(snippets!.has("src/circle.ts") && memory!.has("src/circle.ts"));
    assert.equal(scene.lm.takeText(), "");
  });

  it("stops between two runs of the model when it is paused, and goes on from there", async () => {
    const access = { nextRun: async () => runs++ === 1 && repository?.setPaused("You paused it.") } as ModelAccess;
    let runs = 0;
    let repository: Repository | undefined;
    const background: Background = (priority, work) => work(priority === "read" ? access : undisturbed);
    await scene.read({ background, before: (it) => (repository = it) });
    assert.equal(phase(repository!), "paused");
    const before = pathsRead(repository!);
    assert.ok(before.length < Object.keys(FILES).length);
    scene.lm.takeText();
    repository!.setPaused(undefined);
    await untilPhase(repository!, "done");
    const text = scene.lm.takeText();
    for (const path of before) assert.ok(!text.includes(FILES[path]!), `${path} was read again`);
    assert.deepEqual(pathsRead(repository!).sort(), Object.keys(FILES).sort());
  });

  it("knows what has changed, and that it is paused, also while the reading waits for its turn", async () => {
    let repository: Repository | undefined;
    let isWaiting = false;
    const waiting = {
      nextRun: () => {
        isWaiting = true;
        return new Promise<void>(() => {});
      },
    };
    const background: Background = (priority, work) => work(priority === "read" ? waiting : undisturbed);
    const reading = scene.read({ background, before: (it) => (repository = it) });
    await until("the reading waits for its turn", () => isWaiting);
    for (const path of ["src/circle.ts", "src/ball.ts"]) {
      await scene.write({ [path]: "export const round = 1;\n" });
      void scene.changed(repository!, path);
      await until(`${path} is known`, () => scene.offer(repository!).memory!.has(path));
    }
    assert.equal(phase(repository!), "reading");
    repository!.setPaused("You paused it.");
    await reading;
    assert.equal(phase(repository!), "paused");
    assert.equal(scene.lm.takeText(), "");
  });

  it("takes its turn anew when it came while changes were looked at", async () => {
    let repository: Repository | undefined;
    let turns = 0;
    let take = () => {};
    const access = {
      nextRun: async () => {
        if (++turns === 1) await new Promise<void>((resolve) => (take = resolve));
        else if (turns === 2) assert.equal(scene.lm.takeText(), "");
      },
    };
    const index = {
      nextRun: async () => {
        if (turns === 1) take();
      },
    };
    const background: Background = (priority, work) => work(priority === "read" ? access : index);
    const reading = scene.read({ background, before: (it) => (repository = it) });
    await until("the reading waits for its turn", () => turns === 1);
    await scene.write({ "src/circle.ts": "export const circle = 1;\n" });
    void scene.changed(repository!, "src/circle.ts");
    await reading;
    assert.ok(pathsRead(repository!).includes("src/circle.ts"));
    assert.ok(turns > 2);
  });
});

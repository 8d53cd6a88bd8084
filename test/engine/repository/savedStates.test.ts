// States of a repository that are saved, taken up again, taken over from elsewhere, and removed.

import assert from "node:assert/strict";
import files, { mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FORMS } from "../../../src/engine/files/secretForms";
import type { Repository } from "../../../src/engine/repository/repository";
import { StateStore } from "../../../src/engine/stateStore/stateStore";
import type { WorkspaceFolder } from "../../../src/protocol/engine";
import { withReplaced } from "../../support/replaced";
import { contentOf, FILES, pathsRead, UNREADABLE, untilPhase, useScene } from "../../support/scene";
import { until } from "../../support/until";

describe("a repository with saved states", () => {
  const scene = useScene();

  it("comes back after a restart without reading anything again", async () => {
    const before = await scene.read();
    const { state } = scene.offer(before).trunk!;
    scene.lm.takeText();
    const began = scene.time;
    scene.time += 3_600_000;
    const after = await scene.read();
    assert.equal(scene.lm.takeText(), "");
    for (const { readAt } of after.report().folders[0]!.files) assert.equal(readAt, began);
    assert.deepEqual(scene.offer(after).trunk!.state, state);
    assert.ok(after.report().folders[0]!.restoredMs !== undefined);
  });

  it("saves what a slow model has read every few minutes, each in the place of the one before", async () => {
    const { repository } = await scene.readingUpTo(9, { msATurn: 130_000 });
    const before = pathsRead(repository);
    assert.ok(before.length >= 2 && before.length < Object.keys(FILES).length, before.join());
    assert.equal((await readdir(scene.states)).filter((name) => name.endsWith(".state")).length, 1);
    scene.lm.takeText();
    const after = await scene.read();
    const text = scene.lm.takeText();
    for (const path of before.slice(0, 2)) assert.ok(!text.includes(FILES[path]!), path);
    assert.deepEqual(pathsRead(after).sort(), Object.keys(FILES).sort());
  });

  it("saves later what could not be saved when it had been read", async () => {
    // Where the folder of states should be.
    await writeFile(scene.states, "");
    // No file is being edited, for which it would go on anyway.
    const nextRun = async () => {
      scene.time += 2000;
    };
    const repository = await scene.read({ access: { nextRun } });
    const isSaved = () => repository.report().folders[0]!.isSaved;
    assert.equal(isSaved(), false);
    scene.lm.takeText();
    await rm(scene.states);
    await until("what was read is saved", isSaved);
    assert.equal(scene.lm.takeText(), "", "nothing is read again");
  });

  it("takes over a state that was made elsewhere, and reads only what differs", async () => {
    const elsewhere = await scene.read();
    const file = scene.at("exported.state");
    await elsewhere.exportState(scene.folder, file);
    scene.lm.takeText();

    scene.folder = scene.at("other machine");
    scene.states = scene.at("other states");
    await scene.write({ ...FILES, "src/new.ts": "// only here\n" });
    const { reading, repository: here } = await scene.readingUpTo(2);
    const { files } = await here.importState(scene.folder, file);
    assert.equal(files, Object.keys(FILES).length);
    await reading;
    const text = scene.lm.takeText();
    assert.ok(text.includes("// only here"));
    assert.ok(!text.includes("area(width"), text);
    assert.deepEqual(pathsRead(here).sort(), [...Object.keys(FILES), "src/new.ts"].sort());

    await writeFile(file, "not a state");
    await assert.rejects(here.importState(scene.folder, file), /cannot be imported/);
    await assert.rejects(here.importState("/elsewhere", file), /States are not kept for this folder/);
  });

  it("refuses a state that has read what may not be read here, and keeps what there was", async () => {
    const file = scene.at("exported.state");
    await scene.write({ "src/secret.ts": "// elsewhere nobody minds\n", "src/other.ts": "// nor this\n" });
    await (await scene.read()).exportState(scene.folder, file);

    scene.folder = scene.at("other machine");
    scene.states = scene.at("other states");
    await scene.write({ ...FILES, ".griffinignore": "secret.ts\n" });
    const here = await scene.read();
    const kept = await readdir(scene.states);
    const message = "The state has read src/secret.ts, which may not be read here. Make it again without that file.";
    await assert.rejects(here.importState(scene.folder, file), { message });
    assert.deepEqual(await readdir(scene.states), kept);
    assert.deepEqual(pathsRead(here).sort(), [...Object.keys(FILES), ".griffinignore"].sort());

    await scene.write({ ".griffinignore": "secret.ts\nother.ts\n" });
    await assert.rejects(here.importState(scene.folder, file), / and 1 more that may not be read here\. Make it again/);
  });

  it("does not take over a state while it cannot be told what may be read, and blames no file for it", async () => {
    const file = scene.at("exported.state");
    await scene.write({ "src/only there.ts": "// nobody minds\n" });
    await (await scene.read()).exportState(scene.folder, file);

    scene.folder = scene.at("other machine");
    scene.states = scene.at("other states");
    await scene.write(FILES);
    const here = await scene.read();
    await scene.write({ "src/.griffinignore": UNREADABLE });
    const message = /^It cannot be told just now whether src\/only there\.ts, .* Import the state again later\.$/;
    await assert.rejects(here.importState(scene.folder, file), { message });
    await rm(join(scene.folder, "src/.griffinignore"));
    assert.equal((await here.importState(scene.folder, file)).files, Object.keys(FILES).length + 1);
  });

  it("refuses a state of an older version, which took for no secret what this one knows for one", async () => {
    const file = scene.at("exported.state");
    await scene.write({ "src/main.ts": `const token = "ghp_${"aB3dE5gH1jK2mN4pQ6".repeat(2)}";\n` });
    await withReplaced<object, void>(FORMS, { some: () => false }, async () => {
      await (await scene.read()).exportState(scene.folder, file);
    });
    scene.states = scene.at("other states");
    const here = await scene.read();
    const message = "The state has read src/main.ts, which may not be read here. Make it again without that file.";
    await assert.rejects(here.importState(scene.folder, file), { message });
  });

  it("keeps nothing on the disk when it has no room there, and says so when a state is to be taken over", async () => {
    const file = scene.at("exported.state");
    await (await scene.read()).exportState(scene.folder, file);
    const repository = await scene.read({ stateBudgetBytes: 0 });
    assert.deepEqual(await readdir(scene.states), []);
    assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
    await assert.rejects(repository.importState(scene.folder, file), /`griffin.repository.diskMegabytes` above 0/);
  });

  it("keeps nothing on the disk either of what was being saved when it was told to", async () => {
    const { open: openFile, rename: renameFile } = files;
    const { clear } = StateStore.prototype;
    const happened: string[] = [];
    let goOn = () => {};
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let saving = () => {};
    const isSaving = new Promise<void>((resolve) => {
      saving = resolve;
    });
    const open: typeof openFile = async (path, flags, mode) => {
      if (flags === "wx" && `${path}`.startsWith(scene.states)) {
        saving();
        await mayGoOn;
      }
      return openFile(path, flags, mode);
    };
    const rename: typeof renameFile = async (from, to) => {
      await renameFile(from, to);
      if (`${to}`.endsWith(".state")) happened.push("saved");
    };
    const clearNoting: typeof clear = function (this: StateStore) {
      happened.push("cleared");
      return clear.call(this);
    };
    const work = async () => {
      let repository: Repository | undefined;
      const reading = scene.read({ before: (it) => (repository = it) });
      await isSaving;
      const opening = repository!.open(scene.workspace({ stateBudgetBytes: 0 }));
      goOn();
      await Promise.all([opening, reading]);
    };
    await withReplaced(files, { open, rename }, () => withReplaced(StateStore.prototype, { clear: clearNoting }, work));
    assert.deepEqual(happened, ["saved", "cleared"]);
    assert.deepEqual(await readdir(scene.states), []);
  });

  it("ends what it is reading when its states are removed, and reads anew", async () => {
    const { reading, repository } = await scene.readingUpTo(8);
    assert.ok(scene.lm.takeText().length > 0, "it had read nothing yet: the test shows nothing");
    await repository.clear();
    await reading;
    assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
    const text = scene.lm.takeText();
    for (const content of Object.values(FILES)) assert.equal(text.split(content).length, 2);
  });

  it("reads anew also where its last state was still being saved after all were removed", async () => {
    const { open: openFile } = files;
    let goOn = () => {};
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isSaving = false;
    const open: typeof openFile = async (path, flags, mode) => {
      if (flags === "wx" && `${path}`.startsWith(scene.states)) {
        isSaving = true;
        await mayGoOn;
      }
      return openFile(path, flags, mode);
    };
    const repository = scene.repository({ clearingPatienceMs: 50 });
    await withReplaced(files, { open }, async () => {
      void repository.open(scene.workspace());
      await until("a state is being saved", () => isSaving);
      await repository.clear();
      scene.lm.takeText();
      goOn();
      await repository.settled();
    });
    const text = scene.lm.takeText();
    for (const [path, content] of Object.entries(FILES)) assert.ok(text.includes(content), path);
  });

  describe("with another folder beside it", () => {
    const CLIENT = "// the client's\n";
    const folders = () => [
      { name: "work", path: scene.folder },
      { name: "client", path: scene.at("client") },
    ];
    const open = (repository: Repository, folders: WorkspaceFolder[]) => repository.open(scene.workspace({ folders }));
    beforeEach(async () => {
      await mkdir(scene.at("client"));
      await writeFile(scene.at("client", "client.ts"), CLIENT);
    });

    it("keeps its states when only the other's are removed, which is read anew", async () => {
      const repository = scene.repository();
      await open(repository, folders().slice(0, 1));
      const own = await readdir(scene.states);
      await open(repository, folders());
      scene.lm.takeText();
      assert.ok((await repository.clear([scene.at("client")])).bytes > 0);
      await repository.settled();
      const text = scene.lm.takeText();
      assert.ok(text.includes(CLIENT), text);
      for (const content of Object.values(FILES)) assert.ok(!text.includes(content), text);
      const left = await readdir(scene.states);
      for (const name of own) assert.ok(left.includes(name), name);
    });

    it("loses nothing with a folder that is not open any more, of which nothing stays", async () => {
      const repository = scene.repository();
      await open(repository, folders());
      await open(repository, folders().slice(0, 1));
      assert.match(await contentOf(scene.states), /client\.ts/);
      await repository.clear([scene.at("client")]);
      assert.doesNotMatch(await contentOf(scene.states), /client\.ts/);
      assert.match(await contentOf(scene.states), /shapes\.ts/);
    });
  });

  describe("while the disk of another folder does not answer", () => {
    /** A folder that is read, and one beside it whose listing never comes; `work` is done then. */
    async function beside(work: (repository: Repository, open: (diskBytes: number) => Promise<void>) => Promise<void>) {
      await scene.read();
      const share = scene.at("share");
      await mkdir(share);
      const gone = await realpath(share);
      const { readdir: list } = files;
      let isHung = false;
      let answer = () => {};
      const isBack = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const hanging = (async (path: string, ...options: never[]) => {
        if (`${path}` === gone) {
          isHung = true;
          await isBack;
        }
        return list(path, ...options);
      }) as typeof list;
      const repository = scene.repository({ clearingPatienceMs: 50 });
      const folders = [
        { name: "share", path: share },
        { name: "work", path: scene.folder },
      ];
      const open = (stateBudgetBytes: number) => repository.open(scene.workspace({ folders, stateBudgetBytes }));
      await withReplaced(files, { readdir: hanging }, async () => {
        void open(10_000_000);
        await until("the share hangs", () => isHung);
        await untilPhase(repository, "done", 1);
        assert.notDeepEqual(await readdir(scene.states), []);
        await work(repository, open);
      }).finally(answer);
    }

    it("its states are removed all the same, and it reads anew", async () => {
      await beside(async (repository) => {
        scene.lm.takeText();
        assert.ok((await repository.clear()).bytes > 0);
        let text = "";
        const isReadAnew = () => {
          text += scene.lm.takeText();
          return Object.values(FILES).every((content) => text.includes(content));
        };
        await until("all files are read anew", isReadAnew);
      });
    });

    it("nothing stays on the disk where nothing is to be kept", async () => {
      await beside(async (_, open) => {
        void open(0);
        await until(
          "no state is left",
          () => readdir(scene.states),
          (names) => names.length === 0,
        );
      });
    });
  });

  it("removes its states also when other settings come meanwhile, and reads under those", async () => {
    const { repository } = await scene.readingUpTo(8);
    const clearing = repository.clear();
    await repository.open(scene.workspace({ exclude: ["*.md"] }));
    await clearing;
    assert.deepEqual(
      pathsRead(repository).sort(),
      Object.keys(FILES)
        .filter((path) => path !== "README.md")
        .sort(),
    );
  });

  it("takes up a state at once also while it is paused", async () => {
    const before = await scene.read();
    const file = scene.at("exported.state");
    await before.exportState(scene.folder, file);
    scene.states = scene.at("other states");
    let paused: Repository | undefined;
    void scene.read({
      before: (it) => {
        paused = it;
        it.setPaused("You paused it.");
      },
    });
    await until("there is a folder to read", () => paused?.report().folders.length);
    await untilPhase(paused!, "paused");
    await paused!.importState(scene.folder, file);
    await until("the state is taken up", () => pathsRead(paused!).length > 0);
    assert.deepEqual(pathsRead(paused!).sort(), Object.keys(FILES).sort());
  });

  it("does not begin with a saved state that has read what is ignored by now", async () => {
    await scene.read();
    await scene.write({ ".griffinignore": "README.md\n" });
    const { repository } = await scene.readingUpTo(0);
    assert.ok(!pathsRead(repository).includes("README.md"));
    assert.ok(!(await contentOf(scene.states)).includes("README.md"));
  });

  it("has no state where none is wanted, whatever is saved", async () => {
    await scene.read();
    const repository = await scene.read({ maxTokens: 0 });
    await scene.changed(repository, "README.md");
    const { files, restoredMs, leftOut } = repository.report().folders[0]!;
    assert.deepEqual({ files, restoredMs, leftOut }, { files: [], restoredMs: undefined, leftOut: {} });
  });

  it("finds the state of the other branch again after a checkout", async () => {
    const repository = await scene.read();
    const other = Object.fromEntries(Object.keys(FILES).map((path) => [path, `${path} on the other branch\n`]));
    for (const files of [{ ...other, ".gitignore": FILES[".gitignore"]! }, FILES]) {
      scene.lm.takeText();
      scene.time += 5000;
      await scene.write(files);
      await scene.changed(repository, ...Object.keys(files));
      scene.time += 5000;
      await repository.filesChanged([scene.folder]);
      await repository.settled();
    }
    assert.equal(scene.lm.takeText(), "", "the first branch was read again");
    assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
  });
});

// What a repository may not know, or not any more: secrets, what is ignored, and what the user has switched off.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import files, { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { FORMS } from "../../../src/engine/files/secretForms";
import { FolderIndexer } from "../../../src/engine/repository/folderIndexer";
import type { Repository } from "../../../src/engine/repository/repository";
import { withReplaced } from "../../support/replaced";
import { contentOf, FILES, NEVER_READ, pathsRead, SECRET, untilPhase, useScene } from "../../support/scene";
import { requestAt } from "../../support/snippetIndexes";
import { until } from "../../support/until";

/** Longer than anything but the patience with git. */
const PATIENCE_MS = 2_000;

describe("a repository that may not know all", () => {
  const scene = useScene();

  it("never shows what is secret, ignored or generated to the model, the disk, the log or the report", async () => {
    await scene.write(NEVER_READ);
    const repository = await scene.read();
    const { memory, snippets } = scene.offer(repository);
    const asked = { languageId: "typescript", budgetCharacters: 10_000 };
    const seen = {
      model: scene.lm.takeText(),
      report: JSON.stringify(repository.report()),
      log: scene.logged.join("\n"),
      snippets: JSON.stringify(snippets!.retrieve(requestAt("src/main.ts", SECRET, asked))),
      disk: await contentOf(scene.states),
    };
    for (const [where, text] of Object.entries(seen)) {
      const at = text.indexOf(SECRET);
      assert.equal(at, -1, `${where}: ${text.slice(Math.max(0, at - 100), at)}`);
    }
    for (const path of Object.keys(NEVER_READ)) {
      assert.ok(!pathsRead(repository).includes(path), path);
      assert.ok(!memory!.has(path), path);
      assert.ok(!snippets!.has(path), path);
      assert.ok(!seen.disk.includes(path), path);
    }
    const secret = await scene.lm.tokenizer.encode(SECRET);
    assert.deepEqual(
      memory!.matches(secret).filter(({ length }) => length > 4),
      [],
    );
  });

  it("forgets a file that is ignored from now on, in memory and on disk", async () => {
    await scene.write({
      "src/private.ts": `const x = "${SECRET}";\n`,
      "src/more.ts": `${"const y = 1;\n".repeat(40)}`,
    });
    const repository = await scene.read();
    assert.ok(scene.lm.takeText().includes(SECRET));
    const { epoch } = scene.offer(repository).trunk!;
    await scene.write({ ".griffinignore": "private.ts\n" });
    await scene.changed(repository, ".griffinignore");
    assert.ok(!pathsRead(repository).includes("src/private.ts"));
    assert.ok(!(await contentOf(scene.states)).includes("src/private.ts"));
    assert.ok(scene.offer(repository).trunk!.epoch > epoch, "branches must begin anew");
    const text = scene.lm.takeText();
    assert.ok(!text.includes(SECRET));
  });

  it("forgets a file that is ignored from now on by a file outside the folder, where nobody watches", async () => {
    await mkdir(scene.at(".git"));
    await writeFile(scene.at(".git/HEAD"), "ref: refs/heads/main\n");
    const repository = await scene.read();
    assert.ok(pathsRead(repository).includes("README.md"));
    await writeFile(scene.at(".gitignore"), "README.md\n");
    await scene.changed(repository, "src/main.ts");
    assert.ok(!pathsRead(repository).includes("README.md") && !scene.offer(repository).memory!.has("README.md"));
    await writeFile(scene.at(".gitignore"), "main.ts\n");
    await scene.changed(repository, "src/main.ts");
    assert.ok(pathsRead(repository).includes("README.md") && !pathsRead(repository).includes("src/main.ts"));
    await mkdir(scene.at(".git/info"));
    await writeFile(scene.at(".git/info/exclude"), "shapes.ts\n");
    await scene.changed(repository, "src/main.ts");
    assert.ok(!pathsRead(repository).includes("src/shapes.ts"));
  });

  it("forgets a file of another branch that is ignored from now on, on disk", async () => {
    await scene.write({ "src/branch.ts": "const onTheOtherBranch = 1;\n".repeat(100) });
    const repository = await scene.read();
    await rm(join(scene.folder, "src/branch.ts"));
    await scene.changed(repository, "src/branch.ts");
    assert.ok(!pathsRead(repository).includes("src/branch.ts"));
    assert.ok((await contentOf(scene.states)).includes("src/branch.ts"));
    await scene.write({ ".griffinignore": "branch.ts\n" });
    await scene.changed(repository, ".griffinignore");
    assert.ok(!(await contentOf(scene.states)).includes("src/branch.ts"));
  });

  it("forgets a file of another branch that was ignored while the window was closed, on disk", async () => {
    await scene.write({ "src/branch.ts": "const onTheOtherBranch = 1;\n".repeat(100) });
    const repository = await scene.read();
    await rm(join(scene.folder, "src/branch.ts"));
    await scene.changed(repository, "src/branch.ts");
    assert.ok((await contentOf(scene.states)).includes("src/branch.ts"));
    await scene.write({ ".griffinignore": "branch.ts\n" });
    await scene.read();
    assert.ok(!(await contentOf(scene.states)).includes("src/branch.ts"));
  });

  it("offers nothing of what is switched off, and of the rest as much as before", async () => {
    const repository = await scene.read();
    const offered = (names: readonly string[], it: object) => names.filter((name) => name in it);
    for (const kind of ["trunk", "snippets", "memory"] as const) {
      await repository.setEnabled({ kind }, false);
      const rest = ["trunk", "snippets", "memory"].filter((name) => name !== kind);
      assert.deepEqual(offered(["trunk", "snippets", "memory"], scene.offer(repository)), rest);
      const ofFolder = ["trunk", "snippets"];
      assert.deepEqual(
        offered(ofFolder, repository.folders()[0]!),
        ofFolder.filter((name) => name !== kind),
      );
      await repository.setEnabled({ kind }, true);
    }
  });

  it("switches a file off and on", async () => {
    const repository = await scene.read();
    const source = { kind: "file", folder: scene.folder, path: "src/shapes.ts" } as const;
    await repository.setEnabled(source, false);
    const { memory, snippets } = scene.offer(repository);
    assert.ok(!memory!.has("src/shapes.ts") && !snippets!.has("src/shapes.ts"));
    const off = repository.report().folders[0]!.files.find(({ path }) => path === "src/shapes.ts");
    assert.deepEqual({ tokens: off?.tokens, readAt: off?.readAt }, { tokens: 0, readAt: 0 });
    await repository.setEnabled(source, true);
    assert.ok(memory!.has("src/shapes.ts"));
    assert.ok(pathsRead(repository).includes("src/shapes.ts"));
  });

  it("forgets a file that is switched off also while others are being read, and lets nothing of it in again", async () => {
    const { reading, repository } = await scene.readingUpTo(8);
    const [first] = pathsRead(repository);
    assert.ok(first !== undefined && pathsRead(repository).length < Object.keys(FILES).length);
    const context = () => scene.offer(repository);
    const { epoch } = context().trunk!;
    void repository.setEnabled({ kind: "file", folder: scene.folder, path: first }, false);
    await reading;
    assert.ok(context().trunk!.epoch > epoch);
    assert.ok(!context().memory!.has(first) && !context().snippets!.has(first));
    const file = repository.report().folders[0]!.files.find(({ path }) => path === first)!;
    assert.deepEqual({ tokens: file.tokens, readAt: file.readAt }, { tokens: 0, readAt: 0 });
    assert.equal(repository.report().folders[0]!.files.length, Object.keys(FILES).length);
  });

  it("forgets a file that is switched off also while it is paused", async () => {
    const repository = await scene.read();
    repository.setPaused("You paused it.");
    void repository.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, false);
    const tokens = () => repository.report().folders[0]!.files.find(({ path }) => path === "README.md")!.tokens;
    await until("nothing of the file is known", tokens, (count) => count === 0);
  });

  it("forgets what is ignored from now on also while it is paused, and what was saved of it", async () => {
    const repository = await scene.read();
    const context = () => scene.offer(repository);
    const saved = async () => (await readdir(scene.states)).filter((name) => name.endsWith(".state"));
    assert.ok(context().memory!.has("README.md") && (await saved()).length > 0);
    repository.setPaused("You paused it.");
    await writeFile(join(scene.folder, ".griffinignore"), "README.md\n");
    void scene.changed(repository, ".griffinignore");
    await until(
      "README.md is forgotten",
      () => pathsRead(repository),
      (paths) => !paths.includes("README.md"),
    );
    assert.ok(!context().memory!.has("README.md") && !context().snippets!.has("README.md"));
    await until("no state is left", saved, (names) => names.length === 0);
  });

  it("names nothing of what is ignored from now on also while it is paused, and was not looked into yet", async () => {
    const { reading, repository } = await scene.readingUpTo(1);
    const named = () => [...repository.folders()[0]!.paths()];
    assert.ok(named().includes("README.md") && repository.report().folders[0]!.memoryTokens === 0);
    repository.setPaused("You paused it.");
    await scene.write({ ".griffinignore": "README.md\n" });
    void scene.changed(repository, ".griffinignore");
    await untilPhase(repository, "paused");
    assert.ok(!named().includes("README.md"));
    repository.setPaused(undefined);
    await reading;
    assert.deepEqual([...named()].sort(), [".gitignore", ".griffinignore", "src/main.ts", "src/shapes.ts"]);
  });

  it("forgets a file that is switched off also while git is asked for something that takes long", async function () {
    if (process.platform === "win32") this.skip();
    const repository = await scene.read();
    const programs = scene.at("programs");
    await mkdir(programs);
    const isAsked = join(programs, "asked");
    const script = `#!/bin/sh\ncase "$*" in *" log "*) touch '${isAsked}'; exec sleep 60;; esac\nexit 1\n`;
    await writeFile(join(programs, "git"), script, { mode: 0o755 });
    const longest = await withReplaced(process.env, { PATH: `${programs}${delimiter}${process.env.PATH}` }, () =>
      longestWaitOf(async () => {
        void repository.filesChanged([scene.folder]);
        await until("git is asked", () => existsSync(isAsked));
        void repository.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, false);
        const tokens = () => repository.report().folders[0]!.files.find(({ path }) => path === "README.md")!.tokens;
        await until("nothing of the file is known", tokens, (count) => count === 0);
      }),
    );
    assert.ok(longest < PATIENCE_MS, `${longest} ms`);
  });

  it("does not take in a file that is switched off while it is being looked at", async () => {
    let repository: Repository | undefined;
    let isOpened = false;
    const { open: openFile } = files;
    const openSwitchingOff: typeof openFile = async (path, ...rest) => {
      if (!isOpened && basename(`${path}`) === "README.md") {
        isOpened = true;
        void repository!.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, false);
      }
      return openFile(path, ...rest);
    };
    await withReplaced(files, { open: openSwitchingOff }, () => scene.read({ before: (it) => (repository = it) }));
    assert.ok(isOpened);
    const { memory, snippets } = scene.offer(repository!);
    assert.ok(memory!.has("src/main.ts") && !memory!.has("README.md") && !snippets!.has("README.md"));
  });

  it("obeys the user's own exclusions and reads nothing when it is told to", async () => {
    const repository = await scene.read({ exclude: ["*.md"] });
    assert.ok(!pathsRead(repository).includes("README.md"));
    await repository.open(scene.workspace({ read: false }));
    assert.equal(scene.offer(repository).path, undefined);
  });

  it("shows nothing that has read a file from when it is switched off until that is forgotten", async () => {
    const repository = await scene.read();
    const { state, epoch } = scene.offer(repository).trunk!;
    const last = pathsRead(repository).at(-1)!;
    const switching = repository.setEnabled({ kind: "file", folder: scene.folder, path: last }, false);
    assert.equal(scene.offer(repository).trunk, undefined);
    assert.equal(repository.folders()[0]!.trunk, undefined);
    await switching;
    assert.ok(scene.offer(repository).trunk!.epoch > epoch);
    assert.notEqual(scene.offer(repository).trunk!.state, state);
  });

  it("does not know what is switched off from the beginning on, and begins with no state that has read it", async () => {
    const before = await scene.read();
    const last = pathsRead(before).at(-1)!;
    await before.close();
    const restored: unknown[] = [];
    const access = { nextRun: async () => void restored.push(scene.offer(repository).trunk) };
    const repository = scene.repository({ background: (_priority, work) => work(access) });
    scene.lm.takeText();
    const workspace = scene.workspace();
    const switchedOff = [{ kind: "snippets" }, { kind: "file", folder: scene.folder, path: last }] as const;
    await repository.open({ ...workspace, switchedOff });
    assert.deepEqual(restored.slice(0, 1), [undefined]);
    assert.ok(!scene.lm.takeText().includes(FILES[last]!));
    assert.ok(!("snippets" in scene.offer(repository)) && !scene.offer(repository).memory!.has(last));
    await repository.setEnabled({ kind: "snippets" }, true);
    await repository.open({ ...workspace, switchedOff: [] });
    assert.ok(!scene.offer(repository).memory!.has(last), "what is told once more switches nothing on");
  });

  it("lists a folder anew when a file in it is switched on, not when it is switched off", async () => {
    const repository = await scene.read();
    const { list } = FolderIndexer.prototype;
    let lists = 0;
    const counted: typeof list = function (this: FolderIndexer, ...about) {
      lists++;
      return list.apply(this, about);
    };
    await withReplaced(FolderIndexer.prototype, { list: counted }, async () => {
      for (const isEnabled of [false, true]) {
        await repository.setEnabled({ kind: "file", folder: scene.folder, path: "README.md" }, isEnabled);
        assert.equal(pathsRead(repository).length, Object.keys(FILES).length);
        assert.equal(lists, isEnabled ? 1 : 0);
      }
    });
    assert.ok(scene.offer(repository).memory!.has("README.md"));
  });

  it("forgets a file whose text is known for a secret by a newer version, in memory and on disk", async () => {
    const path = "src/main.ts";
    await scene.write({ [path]: `const token = "ghp_${"aB3dE5gH1jK2mN4pQ6".repeat(2)}";\n` });
    const before = await withReplaced<object, Repository>(FORMS, { some: () => false }, () => scene.read());
    assert.ok(pathsRead(before).includes(path));
    await before.close();
    const after = await scene.read();
    assert.ok(!pathsRead(after).includes(path));
    assert.ok(!(await contentOf(scene.states)).includes(path));
    assert.equal(after.report().folders[0]!.leftOut["it holds a private key or an access token"], 1);
  });
});

/** The longest wait of any timer that ended during the work. */
async function longestWaitOf(work: () => Promise<void>): Promise<number> {
  const { setTimeout: setTimer } = globalThis;
  let longest = 0;
  const note =
    (act: () => void, ms = 0) =>
    () => {
      longest = Math.max(longest, ms);
      act();
    };
  const noting = Object.assign((act: () => void, ms?: number) => setTimer(note(act, ms), ms), setTimer);
  await withReplaced(globalThis, { setTimeout: noting }, work);
  return longest;
}

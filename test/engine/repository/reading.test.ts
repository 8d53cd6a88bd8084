// Which files of a workspace folder a repository reads, when it reads them again, and what it offers of them.

import assert from "node:assert/strict";
import files, { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { REFUSALS } from "../../../src/engine/files/refusal";
import { ReadingPace } from "../../../src/engine/readingPace";
import type { Repository } from "../../../src/engine/repository/repository";
import { Scheduler } from "../../../src/engine/scheduler";
import type { WorkspaceFolder } from "../../../src/protocol/engine";
import { onPlatform } from "../../support/onPlatform";
import { withReplaced } from "../../support/replaced";
import { contentOf, FILES, NEVER_READ, pathsRead, SECRET, untilPhase, useScene } from "../../support/scene";
import { requestAt } from "../../support/snippetIndexes";
import { until } from "../../support/until";

describe("a repository that reads a folder", () => {
  const scene = useScene();

  const work = () => ({ name: "work", path: scene.folder });

  /** One beside it, with a file. */
  async function otherFolder(): Promise<WorkspaceFolder> {
    const path = scene.at("other");
    await mkdir(path);
    await writeFile(join(path, "second.ts"), "export const second = 2;\n");
    return { name: "other", path };
  }

  it("reads every file once, with its path", async () => {
    const repository = await scene.read();
    assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
    const text = scene.lm.takeText();
    for (const [path, content] of Object.entries(FILES)) {
      assert.equal(text.split(content).length, 2, path);
      assert.ok(text.includes(path), path);
    }
    assert.equal(repository.report().folders[0]!.progress.phase, "done");
  });

  it("is known to a document without a name when there is one folder, and to what lies elsewhere never", async () => {
    const repository = await scene.read();
    const context = repository.offerFor("untitled:Untitled-1");
    assert.equal(context.path, "untitled");
    assert.equal(context.trunk?.state, scene.offer(repository).trunk!.state);
    assert.equal(repository.offerFor("file:///elsewhere/a.ts").path, undefined);
    const folders = [
      { name: "work", path: scene.folder },
      { name: "src", path: join(scene.folder, "src") },
    ];
    await repository.open(scene.workspace({ folders, maxTokens: 0 }));
    assert.equal(repository.offerFor("untitled:Untitled-1").path, undefined);
  });

  it("has an exact memory for a document's own text also without any file of a folder, unless that is switched off", async () => {
    const elsewhere = "file:///elsewhere/a.ts";
    const remembered = (repository: Repository) =>
      [repository.offerFor(elsewhere), scene.offer(repository)].map(({ memory }) => memory?.documentCount);
    assert.deepEqual(remembered(scene.repository()), [0, 0], "before a folder is named");
    const { repository } = await scene.readingUpTo(0);
    assert.deepEqual(remembered(repository), [0, 0], "before its first file is read");
    await repository.setEnabled({ kind: "memory" }, false);
    assert.deepEqual(remembered(repository), [undefined, undefined]);
  });

  it("is read without a file that cannot be taken in, and the log says which", async () => {
    const { encode } = scene.lm.tokenizer;
    const encodeOthers: typeof encode = function (this: typeof scene.lm.tokenizer, text) {
      return text === FILES["src/main.ts"] ? Promise.reject(new Error("too odd")) : encode.call(this, text);
    };
    await withReplaced(scene.lm.tokenizer, { encode: encodeOthers }, async () => {
      const repository = await scene.read();
      const others = Object.keys(FILES).filter((path) => path !== "src/main.ts");
      assert.deepEqual(pathsRead(repository).sort(), others.sort());
      assert.match(scene.logged.join("\n"), /src\/main\.ts is left out.*too odd/);
      assert.equal(repository.report().folders[0]!.progress.phase, "done");
    });
  });

  it("reads a changed file once it has come to rest, also when the machine's clock is set back meanwhile", async () => {
    const repository = await scene.read();
    scene.lm.takeText();
    await scene.write({ "src/main.ts": "// new main\n" });
    await scene.changed(repository, "src/main.ts");
    scene.setBackMs = 3_600_000;
    scene.time += 2000;
    await repository.filesChanged([scene.folder]);
    await repository.settled();
    assert.ok(scene.lm.takeText().includes("// new main"));
  });

  it("reads what a pull in another place has changed once somebody is back, where no watcher tells of it", async () => {
    await scene.write({ ".git/HEAD": "ref: refs/heads/main\n", ".git/index": "one" });
    const repository = await scene.read();
    await scene.write({ "src/main.ts": "// pulled\n" });
    await repository.lookForUntold([]);
    await repository.settled();
    const known = () => scene.offer(repository).snippets!.linesOf("src/main.ts")!.join("\n");
    assert.ok(!known().includes("pulled"), "git has done nothing");
    await scene.write({ ".git/index": "another" });
    await repository.lookForUntold([]);
    await repository.settled();
    assert.ok(known().includes("pulled"));
  });

  it("reads a changed file again once it has come to rest, and only that", async () => {
    const repository = await scene.read();
    scene.lm.takeText();
    await scene.write({ "src/main.ts": "// new main\n" });
    await scene.changed(repository, "src/main.ts");
    assert.equal(scene.lm.takeText(), "", "it is still being edited");
    assert.ok(repository.report().folders[0]!.files.find(({ path }) => path === "src/main.ts")!.isStale);
    scene.time += 2000;
    await scene.changed(repository);
    await repository.filesChanged([scene.folder]);
    await repository.settled();
    const text = scene.lm.takeText();
    assert.ok(text.includes("// new main"));
    assert.ok(!text.includes("area(width"));
    assert.ok(!repository.report().folders[0]!.files.find(({ path }) => path === "src/main.ts")!.isStale);
  });

  /** With a model that takes a second for a token, or longer. */
  async function readsAgainLater(repository: Repository): Promise<void> {
    scene.lm.takeText();
    await scene.write({ "src/main.ts": "// new main\n" });
    await scene.changed(repository, "src/main.ts");
    for (const [waitMs, isRead] of [
      [2_000, false],
      [1_000_000, true],
    ] as const) {
      scene.time += waitMs;
      await repository.filesChanged([scene.folder]);
      await repository.settled();
      assert.equal(scene.lm.takeText().includes("// new main"), isRead, String(waitMs));
    }
  }

  it("reads a file again later where the model takes long for it", async () => {
    await withReplaced(scene.lm, { tuning: { tokenMs: 1_000 } }, async () => readsAgainLater(await scene.read()));
  });

  it("reads it again later also where nothing was measured, but its runs are seen to take long", async () => {
    let now = 0;
    const elapsedMs = () => {
      now += 128_000;
      return now;
    };
    await readsAgainLater(await scene.read({ pace: new ReadingPace(scene.lm, { elapsedMs }) }));
  });

  it("follows new, deleted and renamed files", async () => {
    const repository = await scene.read();
    await scene.write({ "src/circle.ts": "export const circle = 1;\n" });
    await rename(join(scene.folder, "src/shapes.ts"), join(scene.folder, "src/forms.ts"));
    await rm(join(scene.folder, "README.md"));
    await scene.changed(repository, "src/circle.ts", "src/shapes.ts", "src/forms.ts", "README.md");
    const { memory } = scene.offer(repository);
    for (const path of ["src/circle.ts", "src/forms.ts"]) assert.ok(memory!.has(path), path);
    for (const path of ["src/shapes.ts", "README.md"]) assert.ok(!memory!.has(path), path);
    assert.ok(pathsRead(repository).includes("src/forms.ts"));
  });

  it("may be a whole drive", async () => {
    const { repository } = await scene.readingUpTo(0, { folders: [{ name: "drive", path: resolve("/") }] });
    const uri = pathToFileURL(resolve("/somewhere/main.ts")).href;
    assert.equal(repository.offerFor(uri).path, "somewhere/main.ts");
  });

  it("is not taken for what it was under other settings", async () => {
    const repository = await scene.read({ stateBudgetBytes: 0 });
    const { epoch } = scene.offer(repository).trunk!;
    await repository.open(scene.workspace({ stateBudgetBytes: 0, exclude: ["*.md"] }));
    assert.notEqual(scene.offer(repository).trunk!.epoch, epoch);
  });

  it("does without a file that would keep out all others, and says so", async () => {
    const repository = await scene.read({ maxTokens: 150 });
    assert.ok(!pathsRead(repository).includes("README.md") && pathsRead(repository).includes("src/main.ts"));
    assert.ok(scene.offer(repository).memory!.has("README.md"));
    const tooLarge = () => repository.report().folders[0]!.leftOut["it is larger than a quarter of the token limit"];
    assert.equal(tooLarge(), 1);
    await scene.write({ "README.md": "# Shapes\n" });
    await scene.changed(repository, "README.md");
    assert.ok(pathsRead(repository).includes("README.md"));
    await scene.write({ "README.md": FILES["README.md"]! });
    await scene.changed(repository, "README.md");
    assert.equal(tooLarge(), undefined, "it is there, as it was");
  });

  it("reads what a slow model has time for, and reports that it is not all", async () => {
    const { forward } = scene.lm.model;
    const forwardSlowly: typeof forward = async (tokens, ...rest) => {
      scene.time += tokens.length;
      return forward.call(scene.lm.model, tokens, ...rest);
    };
    await withReplaced(scene.lm.model, { forward: forwardSlowly }, async () => {
      const some = (await scene.read({ maxReadMs: 100 })).report().folders[0]!;
      assert.equal(some.allReadInMs, 100);
      const reasons = Object.keys(some.leftOut).filter((reason) => reason.includes("quarter"));
      assert.deepEqual(reasons, ["reading it would take more than a quarter of the time there is for all files"]);
      assert.ok(some.progress.tokens > 0 && some.progress.tokens <= 101, `${some.progress.tokens} tokens`);
      const all = (await scene.read({ maxReadMs: 100_000 })).report().folders[0]!;
      assert.equal(all.allReadInMs, undefined);
      assert.equal(all.files.length, Object.keys(FILES).length);
    });
  });

  it("reads more once the model is known to be faster", async () => {
    const tuning = { tokenMs: 1 };
    await withReplaced(scene.lm as { tuning?: unknown }, { tuning }, async () => {
      const repository = await scene.read({ maxReadMs: 100 });
      assert.ok(pathsRead(repository).length < Object.keys(FILES).length);
      tuning.tokenMs = 0.001;
      repository.speedLearned();
      await repository.settled();
      assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
    });
  });

  it("times a model that was not measured once, however many folders there are", async () => {
    const { bos } = scene.lm.about.tokens;
    const timings = () => scene.lm.model.runs.filter((run) => run.every((token) => token === bos)).length;
    const repository = await scene.read({ maxReadMs: 100 });
    assert.equal(timings(), 3);
    const other = await otherFolder();
    await repository.open(scene.workspace({ folders: [work(), other], maxReadMs: 100 }));
    assert.match(scene.lm.tokenizer.decode(scene.lm.model.runs.flat()), /second = 2/);
    assert.equal(timings(), 3);
  });

  it("takes what is open and not saved for snippets, of files alone that it may know", async () => {
    await scene.write(NEVER_READ);
    const repository = await scene.read();
    const uri = (path: string) => `file://${scene.folder}/${path}`;
    const { snippets } = scene.offer(repository);
    const text = `export const circle = "${SECRET}";\r\n`;
    assert.ok(await repository.useOpenText(uri("src/shapes.ts"), text));
    assert.deepEqual(snippets!.linesOf("src/shapes.ts"), [text.trimEnd(), ""]);
    for (const path of [...Object.keys(NEVER_READ), "src/new.ts"]) {
      assert.ok(!(await repository.useOpenText(uri(path), text)), path);
      assert.ok(!snippets!.has(path), path);
    }
    await repository.setEnabled({ kind: "file", folder: scene.folder, path: "src/shapes.ts" }, false);
    assert.ok(!snippets!.has("src/shapes.ts"));
    assert.ok(!(await repository.useOpenText(uri("src/shapes.ts"), text)), "it is switched off");
    scene.taken = [];
    await repository.setEnabled({ kind: "file", folder: scene.folder, path: "src/shapes.ts" }, true);
    assert.deepEqual(scene.taken, [join(scene.folder, "src/shapes.ts")], "whoever has it open tells it again");
    await repository.useOpenText(uri("src/shapes.ts"), text);
    await repository.useSavedText(uri("src/shapes.ts"));
    assert.deepEqual(snippets!.linesOf("src/shapes.ts"), FILES["src/shapes.ts"]!.split("\n"));
    assert.ok(!scene.lm.takeText().includes(SECRET));
  });

  const FAR = "// kept far away\n".repeat(300);

  /** Does `work` where only a cloud has src/far.ts. */
  async function withFarInCloud(work: () => Promise<void>): Promise<void> {
    await scene.write({ "src/far.ts": FAR });
    const { lstat } = files;
    const inCloud = async (path: string) =>
      Object.assign(await lstat(path), basename(path) === "far.ts" && { blocks: 0 });
    await withReplaced<object, void>(files, { lstat: inCloud }, () => onPlatform("darwin", work));
  }

  it("fetches nothing from a cloud, and reads what somebody opens", () =>
    withFarInCloud(async () => {
      const repository = await scene.read();
      assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
      assert.equal(repository.report().folders[0]!.leftOut[REFUSALS.notOnDisk], 1);
      const uri = `file://${scene.folder}/src/far.ts`;
      assert.ok(!(await repository.useOpenText(uri, FAR)), "it is not known yet");
      await until("the document is taken", () => repository.useOpenText(uri, FAR));
      await until("its file is read", () => pathsRead(repository).includes("src/far.ts"));
    }));

  it("knows what a file has said that only a cloud has by now, and reads it anew once somebody opens it", async () => {
    await scene.write({ "src/far.ts": FAR });
    const repository = await scene.read();
    await withFarInCloud(async () => {
      const isKnown = () => scene.offer(repository).snippets!.has("src/far.ts");
      await repository.filesChanged([join(scene.folder, "src/far.ts")]);
      await repository.settled();
      assert.ok(isKnown());
      await repository.clear();
      await repository.settled();
      assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
      assert.ok(isKnown());
      await repository.useOpenText(`file://${scene.folder}/src/far.ts`, FAR);
      await until("its file is read", () => pathsRead(repository).includes("src/far.ts"));
    });
  });

  it("takes a document whose name has other capitals for the file that it is where the disk knows of no difference, whatever git does", async () => {
    const text = "export const circle = 1;\n";
    for (const [platform, ignoresCase, path] of [
      ["darwin", false, "src/shapes.ts"],
      ["linux", true, "src/SHAPES.ts"],
    ] as const) {
      await onPlatform(platform, async () => {
        const config = `[core]\n\tignorecase = ${ignoresCase}\n`;
        await scene.write({ ".git/HEAD": "ref: refs/heads/main\n", ".git/config": config });
        const repository = await scene.read();
        const uri = `file://${scene.folder}/src/SHAPES.ts`;
        const { snippets, path: found } = repository.offerFor(uri)!;
        assert.equal(found, path);
        await repository.useOpenText(uri, text);
        assert.equal(snippets!.linesOf("src/shapes.ts")!.join("\n") === text, path === "src/shapes.ts");
        assert.equal(repository.offerFor(`file://${scene.folder}/src/NEW.ts`)!.path, "src/NEW.ts");
      });
    }
  });

  it("follows the lines that edits of an open document have moved", async () => {
    const lines = Array.from({ length: 200 }, (_, line) => `${line} is nothing to speak of`);
    lines[150] = "the quick brown fox jumps";
    const text = lines.join("\n");
    await scene.write({ "notes.txt": text });
    const repository = await scene.read();
    const uri = `file://${scene.folder}/notes.txt`;
    const { snippets } = scene.offer(repository);
    const request = requestAt("x.txt", "a brown fox |");
    const edited = () => snippets!.retrieve(request).filter(({ reason }) => reason === "recently edited");
    const at = text.indexOf("the quick");
    repository.recordEdits(uri, text, [{ offset: at, deleted: 0, inserted: "" }]);
    // Two at once, each of the text that the one before has made.
    const above = { offset: 0, deleted: 0, inserted: "more\n".repeat(30) };
    const below = { offset: text.length + above.inserted.length, deleted: 0, inserted: "\nend" };
    repository.recordEdits(uri, text, [above, below]);
    assert.match(edited()[0]!.text, /the quick brown fox/, "in the saved text");
    await repository.useOpenText(uri, `${above.inserted}${text}\nend`);
    assert.match(edited()[0]!.text, /the quick brown fox/, "in the text that is open");
  });

  it("keeps what it knows of a folder when another one comes or goes, and looks for what has changed", async () => {
    const other = await otherFolder();
    const here = `file://${scene.folder}/src/main.ts`;
    const repository = await scene.read({ stateBudgetBytes: 0 });
    const before = repository.offerFor(here);
    scene.lm.takeText();
    await scene.write({ "src/third.ts": "export const third = 3;\n" });
    const open = (folders: WorkspaceFolder[], exclude: string[] = []) =>
      repository.open(scene.workspace({ folders, exclude, stateBudgetBytes: 0 }));
    const opening = open([work(), other]);
    assert.equal(repository.offerFor(here).trunk?.state, before.trunk!.state, "known all the time");
    await opening;
    const text = scene.lm.takeText();
    assert.match(text, /second = 2/);
    assert.match(text, /third = 3/);
    for (const content of Object.values(FILES)) assert.ok(!text.includes(content), content);
    assert.equal(repository.offerFor(here).memory, before.memory);

    await open([work()]);
    assert.equal(repository.offerFor(`file://${other.path}/second.ts`).path, undefined);
    assert.equal(repository.offerFor(here).memory, before.memory);
    assert.equal(scene.lm.takeText(), "");

    await open([work()], ["*.md"]);
    assert.ok(!pathsRead(repository).includes("README.md"), "other settings hold for what is open, too");
    assert.notEqual(repository.offerFor(here).memory, before.memory);
  });

  /** Opens the scene's folder and another one. */
  const openBeside = (repository: Repository, other: WorkspaceFolder) =>
    repository.open(scene.workspace({ folders: [work(), other], exclude: ["*.md"] }));

  it("obeys what a folder says of itself, and reads that folder alone anew when it says something else", async () => {
    const other = await otherFolder();
    await writeFile(join(other.path, "customers.ts"), "export const customer = 4711;\n");
    const here = `file://${scene.folder}/src/main.ts`;
    const repository = scene.repository();
    const open = (changes: object) => openBeside(repository, { ...other, ...changes });
    await open({});
    const { memory } = repository.offerFor(here);
    const there = () => repository.offerFor(`file://${other.path}/second.ts`);
    assert.ok(there().memory!.has("customers.ts"));
    assert.match(scene.lm.takeText(), /customer = 4711/);
    assert.ok((await contentOf(scene.states)).includes("customers.ts"));

    await open({ exclude: ["customers*", "*.md"] });
    assert.equal(repository.offerFor(here).memory, memory);
    assert.ok(there().memory!.has("second.ts") && !there().memory!.has("customers.ts"));
    assert.doesNotMatch(scene.lm.takeText(), /4711/);
    assert.doesNotMatch(
      repository
        .report()
        .folders[1]!.files.map(({ path }) => path)
        .join(),
      /customers/,
    );
    assert.equal(await repository.refusalsElsewhere()(other.path, "customers.ts"), "excluded");

    await open({ isRead: false, exclude: ["customers*", "*.md"] });
    assert.equal(repository.offerFor(here).memory, memory);
    assert.equal(there().path, undefined);
    assert.equal(await repository.refusalsElsewhere()(other.path, "customers.ts"), "excluded");
  });

  it("reads of a folder within another only what that one says of itself, whoever reads", async () => {
    const inner = join(scene.folder, "inner");
    await mkdir(inner);
    await writeFile(join(inner, "customers.ts"), "export const customer = 4711;\n");
    await writeFile(join(inner, "open.ts"), "export const open = 1;\n");
    const repository = scene.repository();
    const open = (changes: object) => openBeside(repository, { name: "inner", path: inner, ...changes });
    await open({ exclude: ["customers*", "*.md"] });
    assert.doesNotMatch(scene.lm.takeText(), /4711/);
    const outside = () => repository.offerFor(`file://${scene.folder}/src/main.ts`).memory!;
    assert.ok(outside().has("inner/open.ts") && !outside().has("inner/customers.ts"));

    await open({ isRead: false });
    assert.ok(!outside().has("inner/open.ts"));
    assert.equal(repository.offerFor(`file://${inner}/open.ts`).path, undefined);
  });

  it("forgets what is switched off in one of two folders within each other in both, from the beginning on, too", async () => {
    const inner = { name: "inner", path: join(scene.folder, "inner") };
    const outer = { name: "work", path: scene.folder };
    await scene.write({ "inner/customers.ts": "export const customer = 4711;\n" });
    const repository = await scene.read({ folders: [outer, inner] });
    const offers = () => [
      repository.offerFor(`file://${outer.path}/src/main.ts`).memory!.has("inner/customers.ts"),
      repository.offerFor(`file://${inner.path}/other.ts`).memory!.has("customers.ts"),
    ];
    const [inOuter, inInner] = [
      { kind: "file", folder: outer.path, path: "inner/customers.ts" },
      { kind: "file", folder: inner.path, path: "customers.ts" },
    ] as const;
    assert.deepEqual(offers(), [true, true]);
    await repository.setEnabled(inInner, false);
    assert.deepEqual(offers(), [false, false]);
    assert.doesNotMatch(await contentOf(scene.states), /customers/);
    await repository.setEnabled(inOuter, true);
    assert.deepEqual(offers(), [true, true]);
    await repository.close();

    scene.lm.takeText();
    await repository.open({
      ...scene.workspace({ folders: [inner, outer], maxTokens: 9_999 }),
      switchedOff: [inOuter],
    });
    assert.deepEqual(offers(), [false, false]);
    assert.doesNotMatch(scene.lm.takeText(), /4711/);
  });

  it("knows every folder of a workspace before the first is read, and reads them side by side", async () => {
    const other = await otherFolder();
    await scene.write({ "long.md": "So it goes on, and on, and on.\n".repeat(200) });
    const scheduler = new Scheduler();
    let whenFirst: { isKnown: boolean; phase: string } | undefined;
    const repository: Repository = scene.repository({
      background: (priority, work) => scheduler.start(priority, work).end,
      onProgress: ({ folder: path, phase }) => {
        if (path !== other.path || phase !== "done") return;
        const [first] = repository.report().folders;
        whenFirst = {
          isKnown: repository.offerFor(`file://${scene.folder}/src/main.ts`).memory?.has("src/main.ts") === true,
          phase: first!.progress.phase,
        };
      },
    });
    await repository.open(scene.workspace({ folders: [work(), other] }));
    assert.deepEqual(whenFirst, { isKnown: true, phase: "reading" });
  });

  it("says that the model could not read on, and tries again by itself", async () => {
    const failing = { forward: () => Promise.reject(new Error("no room")) };
    const repository = await withReplaced(scene.lm.model, failing, () => scene.read());
    const { phase: failed, message } = repository.report().folders[0]!.progress;
    assert.equal(failed, "failed");
    assert.equal(message, "The model could not read on in work: no room.");
    assert.ok(scene.offer(repository).memory!.has("README.md"));
    await untilPhase(repository, "done");
    assert.deepEqual(pathsRead(repository).sort(), Object.keys(FILES).sort());
  });

  it("logs once why the model could not read on, however often it tries, and adds what the host advises", async () => {
    let tries = 0;
    const forward = () => Promise.reject(new Error(`Files are damaged${tries++ < 3 ? "." : ". All of them."}`));
    const failures = () => scene.logged.filter((message) => message.includes("Files are damaged"));
    await withReplaced(scene.lm.model, { forward }, async () => {
      const repository = await scene.read({ advice: "Restart it." });
      assert.equal(
        repository.report().folders[0]!.progress.message,
        "The model could not read on in work: Files are damaged. Restart it.",
      );
      await until("another reason is logged", () => failures().length > 1);
      assert.ok(tries > 3);
      assert.match(failures()[1]!, /^Error: Files are damaged\. All of them\.\n +at /);
    });
  });
});

import assert from "node:assert/strict";
import files, { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Changes } from "../../../../src/engine/files/changedFiles";
import { loadRules } from "../../../../src/engine/files/readRules";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { Cancelled, type ModelAccess, undisturbed } from "../../../../src/engine/modelAccess";
import { FolderIndexer, type FolderIndexerOptions } from "../../../../src/engine/repository/folderIndexer";
import { Permission } from "../../../../src/engine/repository/permission";
import { clocksAt } from "../../../support/clocks";
import { whileFailing } from "../../../support/failingFiles";
import { LM } from "../../../support/letters";
import { withReplaced } from "../../../support/replaced";
import { stoppedAfter } from "../../../support/stoppedAfter";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const NO_CHANGES: Changes = { present: [], removed: [], unread: [], rulesChanged: false, headChanged: false };

describe("the files of a folder", () => {
  const root = useTemporaryFolder();
  /** Beyond the clock's own: nothing was changed just now. */
  let later: number;

  beforeEach(() => {
    later = 10_000;
  });

  const clocks = clocksAt(() => Date.now() + later);

  function indexerOf(options: Partial<FolderIndexerOptions> = {}): FolderIndexer {
    const folder = { name: "work", path: root() };
    const permission = new Permission({ folder, exclude: [], switchedOff: [], clocks });
    return new FolderIndexer({
      folder,
      lm: LM,
      permission,
      clocks,
      log: () => {},
      ...options,
    });
  }

  /** The first is the oldest. */
  async function write(...paths: string[]) {
    for (const [at, name] of paths.entries()) {
      await mkdir(dirname(root(name)), { recursive: true });
      await writeFile(root(name), `${name} says this\n`);
      await utimes(root(name), at + 1, at + 1);
    }
  }

  /** As `write`; so long that the exact memory has room for one in 350 tokens. */
  async function writeLong(...paths: string[]) {
    await write(...paths);
    for (const [at, name] of paths.entries()) {
      await writeFile(root(name), `${name} ${"x".repeat(300)}`);
      await utimes(root(name), at + 1, at + 1);
    }
  }

  async function lookAtAll(indexer: FolderIndexer, access: ModelAccess = undisturbed) {
    const rules = await loadRules(root());
    const listed = await indexer.list(rules, undisturbed);
    for (const unlisted of listed.unlisted) indexer.forget(unlisted);
    await indexer.lookIntoAll(listed, rules, access);
  }

  const indexed = ({ files }: FolderIndexer) => files.map((file) => file.path);

  /** The files that are opened during the work. */
  async function openedIn(work: () => Promise<void>): Promise<string[]> {
    const opened: string[] = [];
    const { open } = files;
    const watched: typeof open = (file, ...rest) => {
      opened.push(String(file).split(/[/\\]/).at(-1)!);
      return open(file, ...rest);
    };
    await withReplaced(files, { open: watched }, work);
    return opened.filter((name) => /^[a-z]\.ts$/.test(name)).sort();
  }

  it("are read in the folder's encoding, also when an editor closes them", async () => {
    await writeFile(root("a.c"), Buffer.from("// \x93\xfa\x96\x7b\n", "latin1"));
    const indexer = indexerOf({ folder: { name: "work", path: root(), encoding: "shiftjis" } });
    await lookAtAll(indexer);
    const lines = () => indexer.index.snippets.linesOf("a.c");
    assert.deepEqual(lines(), ["// 日本", ""]);
    await indexer.index.useOpenText(root(), "a.c", "// unsaved");
    await indexer.index.useSavedText(root(), "a.c");
    assert.deepEqual(lines(), ["// 日本", ""]);
  });

  it("are looked into from the newest that there is room for on, and all of them are named", async () => {
    const indexer = indexerOf({ mostFiles: 2 });
    await write("a.ts", "b.ts", "c.ts", "d.ts");
    assert.deepEqual(await openedIn(() => lookAtAll(indexer)), ["c.ts", "d.ts"]);
    assert.deepEqual([...indexer.paths], ["a.ts", "b.ts", "c.ts", "d.ts"]);
  });

  it("are looked into before others where somebody has them open, with those beside them", async () => {
    const taken: string[] = [];
    const indexer = indexerOf({ onSavedText: (path) => taken.push(basename(path)) });
    await write("in/a.ts", "in/b.ts", "c.ts", "d.ts");
    indexer.lookSoonInto("in/a.ts");
    await lookAtAll(indexer);
    assert.deepEqual(taken, ["a.ts", "b.ts", "d.ts", "c.ts"]);
  });

  it("are looked into where somebody has them open, however old they are, and keep the room that they take", async () => {
    const indexer = indexerOf({ mostFiles: 2, mostMemoryTokens: 700 });
    await writeLong("in/a.ts", "b.ts", "c.ts", "d.ts");
    const remembered = () => ["in/a.ts", "b.ts", "c.ts", "d.ts"].filter((name) => indexer.index.memory.has(name));
    indexer.lookSoonInto("in/a.ts");
    await lookAtAll(indexer);
    assert.deepEqual(
      [indexed(indexer), remembered()],
      [
        ["in/a.ts", "c.ts", "d.ts"],
        ["in/a.ts", "d.ts"],
      ],
    );
    await indexer.takeIn({ ...NO_CHANGES, present: ["b.ts"] }, await loadRules(root()), undisturbed);
    assert.deepEqual(remembered(), ["in/a.ts", "b.ts"]);
  });

  it("that somebody opens meanwhile take the room of the oldest that have some", async () => {
    const names = ["in/a.ts", ..."bcdefghijkl"].map((name) => (name.length === 1 ? `${name}.ts` : name));
    await writeLong(...names);
    const onSavedText = (path: string) => {
      if (basename(path) === "h.ts") indexer.lookSoonInto("in/a.ts");
    };
    const indexer = indexerOf({ onSavedText, mostMemoryTokens: 1400 });
    await lookAtAll(indexer);
    const remembered = names.filter((name) => indexer.index.memory.has(name));
    assert.deepEqual(remembered, ["in/a.ts", "j.ts", "k.ts", "l.ts"]);
  });

  it("make room from the oldest on, also where the first look was interrupted", async () => {
    const indexer = indexerOf({ mostMemoryTokens: 1400 });
    const names = ["a.ts", "b.ts", "c.ts", "d.ts"];
    await writeLong(...names);
    const remembered = () => names.filter((name) => indexer.index.memory.has(name));
    await assert.rejects(lookAtAll(indexer, stoppedAfter(2)), Cancelled);
    assert.deepEqual(remembered(), ["c.ts", "d.ts"]);
    await lookAtAll(indexer);
    assert.deepEqual(remembered(), names);
    await writeLong("e.ts");
    await indexer.takeIn({ ...NO_CHANGES, present: ["e.ts"] }, await loadRules(root()), undisturbed);
    assert.deepEqual(remembered(), ["b.ts", "c.ts", "d.ts"]);
  });

  it("take no room from newer ones, nor time to encode, and give theirs first", async () => {
    const names = ["a.ts", "b.ts", "c.ts", "d.ts"];
    const encoded = new Set<string>();
    const encode: typeof LM.tokenizer.encode = (text) => {
      if (names.includes(text.slice(0, 4))) encoded.add(text.slice(0, 4));
      return LM.tokenizer.encode(text);
    };
    const lm = { ...LM, tokenizer: { encode } } as LanguageModel;
    const indexer = indexerOf({ lm, mostMemoryTokens: 700 });
    const { memory, snippets } = indexer.index;
    const inBoth = () => [names.filter((name) => memory.has(name)), names.filter((name) => snippets.has(name))];
    await writeLong(...names);
    snippets.limit(1);
    await lookAtAll(indexer);
    assert.deepEqual(
      [inBoth(), [...encoded]],
      [
        [["c.ts", "d.ts"], ["d.ts"]],
        ["d.ts", "c.ts"],
      ],
    );
    await writeFile(root("a.ts"), `another ${"x".repeat(300)}`);
    await indexer.takeIn({ ...NO_CHANGES, present: ["a.ts"] }, await loadRules(root()), undisturbed);
    assert.deepEqual(inBoth(), [["a.ts", "d.ts"], ["a.ts"]]);
  });

  it("are kept true once they are known, also where newer ones take the room", async () => {
    const indexer = indexerOf({ mostFiles: 1 });
    await write("a.ts");
    await lookAtAll(indexer);
    const before = indexer.index.get("a.ts")!.hash;
    await write("b.ts", "c.ts");
    await writeFile(root("a.ts"), "another text\n");
    await utimes(root("a.ts"), 1, 1);
    await lookAtAll(indexer);
    assert.deepEqual(indexed(indexer), ["a.ts", "c.ts"]);
    assert.notEqual(indexer.index.get("a.ts")!.hash, before);
  });

  it("are not read again while they are the same", async () => {
    const indexer = indexerOf();
    await write("a.ts", "b.ts", "c.ts");
    await lookAtAll(indexer);
    // As long as before, and with its old time: as a program does that unpacks.
    await writeFile(root("b.ts"), "B.ts says this\n");
    await utimes(root("b.ts"), 2, 2);
    assert.deepEqual(await openedIn(() => lookAtAll(indexer)), ["b.ts"]);
    assert.deepEqual(await openedIn(() => lookAtAll(indexer)), []);
    assert.deepEqual(indexed(indexer), ["a.ts", "b.ts", "c.ts"]);
  });

  it("are read again where they had been changed just before they were read", async () => {
    const indexer = indexerOf();
    later = 0;
    await write("a.ts");
    await lookAtAll(indexer);
    later = 10_000;
    assert.deepEqual(await openedIn(() => lookAtAll(indexer)), ["a.ts"]);
    assert.deepEqual(await openedIn(() => lookAtAll(indexer)), []);
  });

  it("are listed anew where more new ones come than there is room for, at once or one after the other", async () => {
    const indexer = indexerOf({ mostFiles: 10 });
    const comesIn = async (...present: string[]) => {
      const changes = { ...NO_CHANGES, present };
      const needList = indexer.needList(changes);
      if (!needList) await indexer.takeIn(changes, await loadRules(root()), undisturbed);
      return needList;
    };
    const few = ["a.ts", "b.ts", "c.ts"];
    const folder = ["1", "2", "3", "4", "5", "6", "7", "8"].map((name) => `in/${name}.ts`);
    await write(...few);
    await lookAtAll(indexer);
    await write(...folder);
    assert.ok(await comesIn(...folder));
    assert.ok(!(await comesIn(...folder.slice(0, 5))) && !(await comesIn(...few, ...folder.slice(0, 7))));
    assert.ok(await comesIn("in/8.ts"));
    await lookAtAll(indexer);
    await write("d.ts", "e.ts");
    // In a full index, too, a new file needs no list of all.
    assert.ok(!(await comesIn("d.ts")) && (await comesIn("e.ts")) && !(await comesIn("d.ts", ...folder.slice(0, 7))));
  });

  it("are named no more when they are gone, refused or forgotten", async () => {
    const indexer = indexerOf();
    await write("src/in/a.ts", "src/b.ts", "c.ts", "d.ts");
    await writeFile(root("d.ts"), "\0");
    await lookAtAll(indexer);
    assert.deepEqual([...indexer.paths], ["src/in/a.ts", "src/b.ts", "c.ts"]);
    await indexer.takeIn({ ...NO_CHANGES, removed: ["src/in"] }, await loadRules(root()), undisturbed);
    assert.deepEqual(
      [[...indexer.paths], indexed(indexer)],
      [
        ["src/b.ts", "c.ts"],
        ["src/b.ts", "c.ts"],
      ],
    );
    indexer.forget("c.ts");
    assert.deepEqual([[...indexer.paths], indexed(indexer)], [["src/b.ts"], ["src/b.ts"]]);
    // Some disks find a file also by the name that it had before, in other letters.
    await write("B.ts");
    await indexer.takeIn({ ...NO_CHANGES, present: ["B.ts", "b.ts"] }, await loadRules(root()), undisturbed);
    assert.deepEqual([...indexer.paths], ["src/b.ts", "B.ts"]);
  });

  it("are forgotten one at a time where a folder is gone, so that a key goes in between", async () => {
    await write("src/a.ts", "src/b.ts", "c.ts");
    const indexer = indexerOf();
    await lookAtAll(indexer);
    const rules = await loadRules(root());
    const removed = { ...NO_CHANGES, removed: ["src"] };
    await assert.rejects(indexer.takeIn(removed, rules, stoppedAfter(1)), Cancelled);
    assert.equal(indexed(indexer).length, 2);
    await indexer.takeIn(removed, rules, undisturbed);
    assert.deepEqual(indexed(indexer), ["c.ts"]);
  });

  it("are put together anew only where something is known anew", async () => {
    const indexer = indexerOf();
    await write("src/a.ts", "b.ts");
    await lookAtAll(indexer);
    const before = indexer.files;
    const takeIn = async (changes: Partial<Changes>) =>
      indexer.takeIn({ ...NO_CHANGES, ...changes }, await loadRules(root()), undisturbed);
    await takeIn({ removed: ["dist/c.js", "dist"] });
    assert.equal(indexer.files, before);
    indexer.index.remove("b.ts");
    assert.deepEqual(indexed(indexer), ["src/a.ts"]);
    await takeIn({ present: ["b.ts"] });
    assert.deepEqual(indexed(indexer), ["src/a.ts", "b.ts"]);
    await takeIn({ removed: ["src"] });
    assert.deepEqual(indexed(indexer), ["b.ts"]);
  });

  it("are named no more where nobody has looked into them, once other rules hold", async () => {
    const indexer = indexerOf({ mostFiles: 1 });
    await write("a.ts", "b.ts");
    await lookAtAll(indexer);
    assert.deepEqual([...indexer.paths], ["a.ts", "b.ts"]);
    indexer.forgetNames();
    assert.deepEqual([...indexer.paths], ["b.ts"]);
    await lookAtAll(indexer);
    assert.deepEqual([...indexer.paths], ["a.ts", "b.ts"]);
  });

  it("are asked for no more when they could not be read and are gone", async () => {
    const indexer = indexerOf();
    await write("a.ts", "b.ts");
    await whileFailing(root("b.ts"), "EACCES", ["open"], () => lookAtAll(indexer));
    assert.deepEqual(indexer.takeUnread(), ["b.ts"]);
    await rm(root("b.ts"));
    await lookAtAll(indexer);
    assert.deepEqual([indexer.takeUnread(), indexer.leftOut], [[], {}]);
  });

  it("are remembered while others are still looked into", async () => {
    const indexer = indexerOf();
    await write("a.ts", "b.ts");
    await writeFile(root("b.ts"), "abc ".repeat(5_000));
    await utimes(root("b.ts"), 2, 2);
    const found: number[] = [];
    await lookAtAll(indexer, {
      nextRun: async () => {
        if (!indexer.index.memory.has("a.ts")) found.push(indexer.index.memory.matches([97, 98]).length);
      },
    });
    assert.ok(found.at(-1)! > 0, String(found));
  });
});

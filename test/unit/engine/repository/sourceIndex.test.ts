import assert from "node:assert/strict";
import files, { rm, writeFile } from "node:fs/promises";
import { SourceIndex } from "../../../../src/engine/repository/sourceIndex";
import { clocksAt } from "../../../support/clocks";
import { whileFailing } from "../../../support/failingFiles";
import { LM } from "../../../support/letters";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the index of a folder's files", () => {
  const root = useTemporaryFolder();

  async function lookAt(index: SourceIndex, path: string, stamp?: string): Promise<void> {
    const read = await index.read(root(), path, stamp);
    if (read !== undefined) await index.take(path, read);
  }

  it("keeps the last files in the exact memory when there is no room for all, and never one that is larger", async () => {
    const index = new SourceIndex(LM, clocksAt(), { mostMemoryTokens: 250 });
    const sizes = { "old.txt": 90, "older.txt": 90, "new.txt": 90, "huge.txt": 400 };
    for (const [path, size] of Object.entries(sizes)) {
      await writeFile(root(path), "x".repeat(size));
      await lookAt(index, path);
    }
    assert.deepEqual(
      Object.keys(sizes).filter((path) => index.memory.has(path)),
      ["older.txt", "new.txt"],
    );
    assert.ok(index.memory.tokenCount <= 250);
    assert.equal(index.fileCount, 4);
  });

  it("has no file make room in the exact memory in vain, where another one may not go", async () => {
    const index = new SourceIndex(LM, clocksAt(), { mostMemoryTokens: 250 });
    const sizes = { "old.txt": 90, "worthy.txt": 90, "new.txt": 200 };
    for (const [path, size] of Object.entries(sizes)) {
      await writeFile(root(path), "x".repeat(size));
      const read = await index.read(root(), path, undefined);
      await index.take(path, read!, (other) => other !== "worthy.txt");
    }
    assert.deepEqual(
      Object.keys(sizes).filter((path) => index.memory.has(path)),
      ["old.txt", "worthy.txt"],
    );
  });

  it("tells by the memory's epoch that a file may not be known any more, and not of one that is new or changed", async () => {
    const index = new SourceIndex(LM, clocksAt(), { mostMemoryTokens: 120 });
    const { epoch } = index.memory;
    for (const [path, text] of [
      ["a.txt", "x".repeat(60)],
      ["a.txt", "y".repeat(60)],
      ["b.txt", "x".repeat(60)],
      [".npmrc", "//registry.example/:_authToken=abcdefghijklmnopqrstuvwxyz0123456789"],
    ] as const) {
      await writeFile(root(path), text);
      await lookAt(index, path);
    }
    assert.ok(index.isRefused(".npmrc"), "the test shows nothing");
    assert.ok(!index.memory.has("a.txt"), "b.txt took its place");
    assert.equal(index.memory.epoch, epoch);
    index.remove("a.txt");
    const afterOne = index.memory.epoch;
    assert.notEqual(afterOne, epoch, "what was written before may have its words");
    await rm(root("b.txt"));
    await lookAt(index, "b.txt");
    assert.notEqual(index.memory.epoch, afterOne);
  });

  it("keeps what it knows of a file that cannot be read for a moment, and says that it is older", async () => {
    const index = new SourceIndex(LM, clocksAt());
    const path = root("a.txt");
    await writeFile(path, "x");
    await lookAt(index, "a.txt");
    const { hash } = index.get("a.txt")!;
    await writeFile(path, "y");
    await whileFailing(path, "EMFILE", ["open"], () => lookAt(index, "a.txt"));
    assert.deepEqual([index.unread, index.get("a.txt")?.hash], [["a.txt"], hash]);
    assert.ok(index.memory.has("a.txt") && index.snippets.has("a.txt"));
    await lookAt(index, "a.txt");
    assert.deepEqual(index.unread, []);
    assert.notEqual(index.get("a.txt")!.hash, hash);
    await rm(path);
    await lookAt(index, "a.txt");
    assert.deepEqual([index.unread, index.get("a.txt")], [[], undefined]);
  });

  it("does not know a file that it could not take in", async () => {
    const index = new SourceIndex(LM, clocksAt());
    await writeFile(root("a.txt"), "x");
    const update = () => Promise.reject(new Error("no"));
    const updating = withReplaced(index.snippets, { update }, () => lookAt(index, "a.txt"));
    await assert.rejects(updating, /no/);
    assert.equal(index.get("a.txt"), undefined);
    await lookAt(index, "a.txt");
    assert.ok(index.get("a.txt") && index.memory.has("a.txt") && index.snippets.has("a.txt"));
  });

  it("has the text of the editor for snippets until another one is saved, and says when, and the saved one for all else", async () => {
    const taken: string[] = [];
    const index = new SourceIndex(LM, clocksAt(), { onSavedText: (path) => taken.push(path) });
    const snippet = () => index.snippets.linesOf("a.txt")?.join("\n");
    const save = async (text: string) => {
      await writeFile(root("a.txt"), text);
      await lookAt(index, "a.txt");
    };
    assert.ok(!(await index.useOpenText(root(), "a.txt", "new")), "it may be one that must not be read");
    await save("saved");
    assert.ok(await index.useOpenText(root(), "a.txt", "being written"));
    const { hash } = index.get("a.txt")!;
    taken.length = 0;
    await save("written on");
    assert.deepEqual([snippet(), taken], ["written on", ["a.txt"]]);
    assert.notEqual(index.get("a.txt")!.hash, hash);
    await index.useOpenText(root(), "a.txt", "being written");
    await index.useSavedText(root(), "a.txt");
    assert.equal(snippet(), "written on");
    await index.useOpenText(root(), "a.txt", "being written");
    index.remove("a.txt");
    await save("written on");
    assert.deepEqual([snippet(), taken], ["written on", ["a.txt", "a.txt"]], "it is taken in anew");
  });

  it("keeps a file that cannot be read for a moment when it is closed, and takes its saved text when it can", async () => {
    const index = new SourceIndex(
      LM,
      clocksAt(() => Date.now() + 10_000),
    );
    await writeFile(root("a.txt"), "saved");
    await lookAt(index, "a.txt");
    const { stamp } = index.get("a.txt")!;
    assert.ok(stamp);
    await index.useOpenText(root(), "a.txt", "being written");
    const useSavedText = () => index.useSavedText(root(), "a.txt");
    assert.ok(!(await whileFailing(root("a.txt"), "EBUSY", ["open"], useSavedText)));
    assert.ok(index.get("a.txt") && index.memory.has("a.txt"));
    assert.deepEqual(index.unread, ["a.txt"]);
    await lookAt(index, "a.txt", stamp);
    assert.deepEqual(index.unread, []);
    assert.deepEqual(index.snippets.linesOf("a.txt"), ["saved"]);
  });

  /** Closes a file, and does `work` between the reading of its saved text and what follows from that. */
  async function closing(index: SourceIndex, work: () => Promise<void>): Promise<void> {
    const { open: openFile } = files;
    const open: typeof openFile = async (...about) => {
      const file = await openFile(...about);
      const close = file.close.bind(file);
      const whileFirst = async () => {
        await withReplaced(files, { open: openFile }, work);
        await close();
      };
      return Object.assign(file, { close: whileFirst });
    };
    await withReplaced(files, { open }, () => index.useSavedText(root(), "a.txt"));
  }

  it("has the newer text of a file that is saved while its saved one is read, as it is closed", async () => {
    const index = new SourceIndex(LM, clocksAt());
    await writeFile(root("a.txt"), "saved");
    await lookAt(index, "a.txt");
    await index.useOpenText(root(), "a.txt", "being written");
    await closing(index, async () => {
      await writeFile(root("a.txt"), "written on");
      await lookAt(index, "a.txt");
    });
    assert.deepEqual(index.snippets.linesOf("a.txt"), ["written on"]);
  });

  it("has that text also where it is still being taken in once the saved one has been read", async () => {
    const index = new SourceIndex(LM, clocksAt());
    await writeFile(root("a.txt"), "saved");
    await lookAt(index, "a.txt");
    await index.useOpenText(root(), "a.txt", "being written");
    let [shown, closed] = [() => {}, () => {}];
    const isShown = new Promise<void>((resolve) => (shown = resolve));
    const isClosed = new Promise<void>((resolve) => (closed = resolve));
    const update = index.snippets.update.bind(index.snippets);
    index.snippets.update = async (...about) => {
      await update(...about);
      shown();
      if (about[1] === "written on") await isClosed;
    };
    let taking: Promise<void> | undefined;
    await closing(index, async () => {
      await writeFile(root("a.txt"), "written on");
      taking = lookAt(index, "a.txt");
      await isShown;
    });
    closed();
    await taking;
    assert.deepEqual(index.snippets.linesOf("a.txt"), ["written on"]);
  });

  it("gives no stamp to a file that was read just after it had changed, however long it waited to be taken in", async () => {
    let waitedMs = 0;
    const index = new SourceIndex(
      LM,
      clocksAt(() => Date.now() + waitedMs),
    );
    await writeFile(root("a.txt"), "saved");
    const read = await index.read(root(), "a.txt", undefined);
    waitedMs = 10_000;
    await index.take("a.txt", read!);
    assert.equal(index.get("a.txt")!.stamp, undefined);
    await lookAt(index, "a.txt");
    assert.ok(index.get("a.txt")!.stamp);
  });

  it("takes files into the snippet index again that had to make room, once there is some", async () => {
    const index = new SourceIndex(
      LM,
      clocksAt(() => Date.now() + 10_000),
    );
    const paths = ["a.txt", "b.txt"];
    const look = async () => {
      for (const path of paths) await lookAt(index, path, index.get(path)?.stamp);
      return paths.filter((path) => index.snippets.has(path));
    };
    for (const path of paths) await writeFile(root(path), path);
    index.snippets.limit(1);
    assert.deepEqual(await look(), ["b.txt"]);
    assert.deepEqual(await look(), ["b.txt"], "none makes room for one that comes back");
    index.snippets.limit(1_000_000);
    assert.deepEqual(await look(), paths);
  });

  it("does without the text of a file in the editor that cannot be taken in, and says so", async () => {
    const failed: string[] = [];
    const onFailure = (path: string, { message }: Error) => failed.push(`${path}: ${message}`);
    const index = new SourceIndex(LM, clocksAt(), { onFailure });
    await writeFile(root("a.txt"), "saved");
    await lookAt(index, "a.txt");
    const update = () => Promise.reject(new Error("no outline"));
    await withReplaced(index.snippets, { update }, async () => {
      assert.ok(await index.useOpenText(root(), "a.txt", "being written"));
      assert.ok(index.get("a.txt") && !index.snippets.has("a.txt"));
      assert.ok(await index.useSavedText(root(), "a.txt"));
    });
    assert.deepEqual(failed, ["a.txt: no outline", "a.txt: no outline"]);
    await index.useOpenText(root(), "a.txt", "written on");
    assert.deepEqual(index.snippets.linesOf("a.txt"), ["written on"]);
  });

  it("takes no text from the editor that it would not read from a file", async () => {
    const index = new SourceIndex(LM, clocksAt());
    await writeFile(root("a.txt"), "saved");
    await lookAt(index, "a.txt");
    await index.useOpenText(root(), "a.txt", "being written");
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${"MIIEpAIBAAKCAQEA".repeat(8)}\n-----END RSA PRIVATE KEY-----\n`;
    for (const text of [key, "x".repeat(300_000)]) {
      assert.ok(await index.useOpenText(root(), "a.txt", text));
      assert.deepEqual(index.snippets.linesOf("a.txt"), ["saved"]);
    }
  });
});

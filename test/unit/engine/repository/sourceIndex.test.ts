import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SourceIndex } from "../../../../src/engine/repository/sourceIndex";
import { failing } from "../../../support/failingFiles";
import { LM } from "../../../support/letters";

describe("the index of a folder's files", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "griffin-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("keeps the last files in the exact memory when there is no room for all, and never one that is larger", async () => {
    const index = new SourceIndex(LM, () => 0, 250);
    const sizes = { "old.txt": 90, "older.txt": 90, "new.txt": 90, "huge.txt": 400 };
    for (const [path, size] of Object.entries(sizes)) {
      await writeFile(join(root, path), "x".repeat(size));
      await index.update(root, path);
    }
    assert.deepEqual(
      Object.keys(sizes).filter((path) => index.memory.has(path)),
      ["older.txt", "new.txt"],
    );
    assert.ok(index.memory.tokenCount <= 250);
    assert.equal(index.fileCount, 4);
  });

  it("keeps what it knows of a file that cannot be read for a moment, and says that it is older", async () => {
    const index = new SourceIndex(LM, () => 0);
    const path = join(root, "a.txt");
    await writeFile(path, "x");
    await index.update(root, "a.txt");
    const { hash } = index.get("a.txt")!;
    await writeFile(path, "y");
    const end = failing(path, "EMFILE", ["open"]);
    await index.update(root, "a.txt");
    assert.deepEqual([index.unread, index.get("a.txt")?.hash], [["a.txt"], hash]);
    assert.ok(index.memory.has("a.txt") && index.snippets.has("a.txt"));
    end();
    await index.update(root, "a.txt");
    assert.deepEqual(index.unread, []);
    assert.notEqual(index.get("a.txt")!.hash, hash);
    await rm(path);
    await index.update(root, "a.txt");
    assert.deepEqual([index.unread, index.get("a.txt")], [[], undefined]);
  });

  it("does not know a file that it could not take in", async () => {
    const index = new SourceIndex(LM, () => 0);
    await writeFile(join(root, "a.txt"), "x");
    const { update } = index.snippets;
    index.snippets.update = () => Promise.reject(new Error("no"));
    await assert.rejects(index.update(root, "a.txt"), /no/);
    assert.equal(index.get("a.txt"), undefined);
    index.snippets.update = update;
    await index.update(root, "a.txt");
    assert.ok(index.get("a.txt") && index.memory.has("a.txt") && index.snippets.has("a.txt"));
  });
});

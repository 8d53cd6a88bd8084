import assert from "node:assert/strict";
import fs from "node:fs";
import { writeFile } from "node:fs/promises";
import { TaskFiles } from "../../../../src/engine/convert/taskFiles";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the files of a task", () => {
  const folder = useTemporaryFolder();
  let files: TaskFiles;
  beforeEach(() => {
    files = new TaskFiles();
  });
  afterEach(() => files.close());

  const failing = (code: string) => () => {
    throw Object.assign(new Error(`${code}: i/o error`), { code, syscall: "any" });
  };

  it("are named when the system cannot read or write them, with its code for whoever goes by that", async () => {
    const path = folder("shard");
    await writeFile(path, "content");
    await withReplaced(fs, { readSync: failing("EIO") }, async () => {
      const message = `${path} cannot be read (EIO). Is its disk still connected?`;
      assert.throws(() => files.read({ path, offset: 0 }, new Uint8Array(3)), { message, code: "EIO" });
    });
    for (const [code, next] of Object.entries({
      ENOSPC: "Its disk is full: free some space.",
      EDQUOT: "Its disk is full: free some space.",
      EROFS: "Its disk has become read-only: check it.",
      EACCES: "Check its permissions.",
    })) {
      await withReplaced(fs, { writeSync: failing(code) }, async () => {
        const message = `${path} cannot be written (${code}). ${next}`;
        assert.throws(() => files.write({ path, offset: 0 }, 0, new Uint8Array(3)), { message, code });
      });
    }
    assert.throws(() => files.read({ path: folder("gone"), offset: 0 }, new Uint8Array(3)), { code: "ENOENT" });
  });

  it("are said to be shorter than they were", async () => {
    const path = folder("cut");
    await writeFile(path, "ab");
    assert.throws(() => files.read({ path, offset: 0 }, new Uint8Array(3)), {
      message: `${path} became shorter while it was read.`,
    });
  });
});

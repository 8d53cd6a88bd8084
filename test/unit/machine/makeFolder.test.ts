import assert from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import { makeFolder } from "../../../src/machine/makeFolder";
import { useTemporaryFolder } from "../../support/temporaryFolder";

describe("a folder that is made", () => {
  const folder = useTemporaryFolder();

  it("may have others above it that are missing, or be there", async () => {
    for (const _ of "twice") await makeFolder(folder("a", "b"), 0o700);
    assert.ok((await stat(folder("a", "b"))).isDirectory());
  });

  it("fails with what the system says, which Node hides", async () => {
    const onReadOnlyDisk = (async (path, options) => {
      if (path === folder()) return mkdir(path, options);
      const isSeveral = typeof options === "object" && options?.recursive === true;
      const code = isSeveral ? "ENOENT" : "EROFS";
      throw Object.assign(new Error(code), { code, path });
    }) as typeof mkdir;
    await assert.rejects(makeFolder(folder("a", "b", "c"), undefined, onReadOnlyDisk), {
      code: "EROFS",
      path: folder("a"),
    });
  });
});

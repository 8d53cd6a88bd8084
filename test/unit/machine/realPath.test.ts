// Disks of Windows of which the system does not say where a path leads: it fails, or names a server.

import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import files from "node:fs/promises";
import { listFiles } from "../../../src/engine/files/listFiles";
import { loadRules } from "../../../src/engine/files/readRules";
import { readSource } from "../../../src/engine/files/readSource";
import { realPath } from "../../../src/machine/realPath";
import { onPlatform } from "../../support/onPlatform";
import { withReplaced } from "../../support/replaced";
import { useTemporaryFolder, writeFiles } from "../../support/temporaryFolder";

describe("a folder on a disk of Windows", () => {
  const at = useTemporaryFolder();

  const onWindows = <R>(realpath: (path: string) => Promise<string>, work: () => Promise<R>) =>
    onPlatform("win32", () => withReplaced<object, R>(files, { realpath }, work));

  const inMemory = async () => {
    throw Object.assign(new Error("EISDIR"), { code: "EISDIR" });
  };

  beforeEach(() => writeFiles(at("work"), { "a.ts": "a", ".gitignore": "*.log" }));

  it("is read where the system does not know the disk", async () => {
    const rules = await onWindows(inMemory, () => loadRules(at("work"), { globalExcludesPath: "" }));
    const { files } = await onWindows(inMemory, () => listFiles(rules));
    assert.deepEqual(
      files.map(({ path }) => path),
      [".gitignore", "a.ts"],
    );
    assert.ok("text" in (await onWindows(inMemory, () => readSource(rules.root, "a.ts"))));
  });

  it("keeps its drive's letter where that stands for a server", async () => {
    const onServer = async (path: string) => `//server/share${path}`;
    const rules = await onWindows(onServer, () => loadRules(at("work"), { globalExcludesPath: "" }));
    assert.equal(rules.root, at("work"));
    assert.ok("text" in (await onWindows(onServer, () => readSource(rules.root, "a.ts"))));
  });

  it("is found through a link, and no file through one", async function () {
    if (process.platform === "win32") this.skip(); // A user may not make links there.
    symlinkSync(at("work"), at("link"));
    symlinkSync(at("work/a.ts"), at("work/b.ts"));
    await onWindows(inMemory, async () => {
      assert.equal(await realPath(at("link")), at("work"));
      assert.deepEqual(await readSource(at("work"), "b.ts"), { refused: "link" });
    });
  });
});

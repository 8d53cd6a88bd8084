import assert from "node:assert/strict";
import files from "node:fs/promises";
import { FolderRefusals } from "../../../../src/engine/repository/folderRefusals";
import { withReplaced } from "../../../support/replaced";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("whether a folder's files may be shown to a model", () => {
  const folder = useTemporaryFolder();
  const refusals = (patienceMs?: number) =>
    new FolderRefusals(
      {
        folder: { path: folder() },
        exclude: ["out/"],
        isSwitchedOff: (path) => path === "off.ts",
      },
      patienceMs,
    );

  it("is said for whoever waits as for others, where the disk answers", async () => {
    const known = refusals();
    for (const path of ["a.ts", "out/a.ts", "off.ts", ".env"])
      assert.equal(await known.inTime(path), await known.of(path), path);
    assert.equal(await known.inTime("out/a.ts"), "excluded");
  });

  it("keeps nobody waiting for a disk that does not answer, and asks that one once", async () => {
    let asked = 0;
    const realpath = () => {
      asked++;
      return new Promise<never>(() => {});
    };
    await withReplaced(files, { realpath: realpath as unknown as typeof files.realpath }, async () => {
      const known = refusals(1);
      const together = ["a.ts", "b.ts", "off.ts"].map((path) => known.inTime(path));
      assert.deepEqual(await Promise.all(together), ["unreadable", "unreadable", "switchedOff"]);
      assert.equal(await known.inTime("c.ts"), "unreadable");
    });
    assert.equal(asked, 1);
  });
});

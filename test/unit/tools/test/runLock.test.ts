import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { takeRunLock } from "../../../../tools/test/runLock.mjs";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the lock of a test run", () => {
  const folder = useTemporaryFolder();

  const takenFrom = async (holder: string): Promise<number | undefined> => {
    await writeFile(folder("lock"), holder);
    return takeRunLock(folder("lock"));
  };

  it("is taken where there is none", async () => {
    assert.equal(await takeRunLock(folder("new", "lock")), undefined);
    assert.equal(await readFile(folder("new", "lock"), "utf8"), String(process.pid));
  });

  it("is left to a run that goes on", async () => {
    assert.equal(await takenFrom(String(process.ppid)), process.ppid);
    assert.equal(await readFile(folder("lock"), "utf8"), String(process.ppid));
  });

  it("is taken from one that has died, or wrote no process", async () => {
    const { pid } = spawnSync(process.execPath, ["--eval", ""]);
    for (const holder of [String(pid), ""]) {
      assert.equal(await takenFrom(holder), undefined);
      assert.equal(await readFile(folder("lock"), "utf8"), String(process.pid));
    }
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, utimes, writeFile } from "node:fs/promises";
import { takeRunLock } from "../../../../tools/test/runLock.mjs";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the lock of a test run", () => {
  const folder = useTemporaryFolder();

  const takenFrom = async (holder: string, isOld = false): Promise<string | undefined> => {
    await writeFile(folder("lock"), holder);
    if (isOld) await utimes(folder("lock"), 1, 1);
    return takeRunLock(folder("lock"));
  };

  it("is taken where there is none", async () => {
    assert.equal(await takeRunLock(folder("new", "lock")), undefined);
    assert.equal(await readFile(folder("new", "lock"), "utf8"), String(process.pid));
  });

  it("is left to a run that goes on", async () => {
    assert.equal(await takenFrom(String(process.ppid)), `process ${process.ppid}`);
    assert.equal(await readFile(folder("lock"), "utf8"), String(process.ppid));
    assert.equal(await takenFrom(""), "a process that has just begun");
    assert.equal(await readFile(folder("lock"), "utf8"), "");
  });

  it("is taken from one that has died, wrote no process, or has not touched it for long", async () => {
    const { pid } = spawnSync(process.execPath, ["--eval", ""]);
    for (const [holder, isOld] of [
      [String(pid), false],
      ["nobody", false],
      ["", true],
      // Its number is another process's by now.
      [String(process.ppid), true],
    ] as const) {
      assert.equal(await takenFrom(holder, isOld), undefined);
      assert.equal(await readFile(folder("lock"), "utf8"), String(process.pid));
    }
  });
});

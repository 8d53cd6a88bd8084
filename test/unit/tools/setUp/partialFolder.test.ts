import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeWhole } from "../../../../tools/setUp/partialFolder.mjs";
import { useTemporaryFolder, writeFiles } from "../../../support/temporaryFolder";

describe("a folder that is filled before it has its name", () => {
  const folder = useTemporaryFolder();

  it("has all that was put into it, and nothing of those who were killed while they did", async () => {
    const { pid: dead } = spawnSync(process.execPath, ["--eval", ""]);
    const names = [`made.${dead}`, `made.${process.pid}`, `made.${process.ppid}`, "made.txt", `other.${dead}`];
    await writeFiles(folder(), Object.fromEntries(names.map((name) => [`${name}/half`, ""])));
    await makeWhole(folder("made"), (partial) => writeFile(join(partial, "whole"), ""));
    assert.deepEqual(await readdir(folder("made")), ["whole"]);
    assert.deepEqual(
      (await readdir(folder())).sort(),
      ["made", `made.${process.ppid}`, "made.txt", `other.${dead}`].sort(),
    );
  });

  it("is not there when it could not be filled", async () => {
    await assert.rejects(
      makeWhole(folder("made"), () => Promise.reject(new Error("no network"))),
      /no network/,
    );
    assert.deepEqual(await readdir(folder()), []);
  });
});

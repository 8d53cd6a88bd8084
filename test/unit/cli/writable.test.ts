import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sentenceOf } from "../../../src/cli/sentence";
import { checkFile, checkFolder } from "../../../src/cli/writable";

describe("what a command is to write", () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "griffin-writable-"));
    await writeFile(at("file"), "");
  });
  after(() => rm(folder, { recursive: true }));

  const said = (checking: Promise<void>) =>
    checking.then(
      () => "",
      (error: unknown) => sentenceOf(error).replaceAll(folder, "…").replaceAll("\\", "/"),
    );

  it("as a file needs a folder that is there", async () => {
    for (const path of [undefined, at("file"), at("new")]) assert.equal(await said(checkFile(path)), "");
    assert.equal(await said(checkFile(at("none", "new"))), "There is no …/none. Check the path.");
    assert.equal(await said(checkFile(at("file", "new"))), "…/file is no folder. Check the path.");
    assert.equal(await said(checkFile(folder)), "… is a folder. Name a file.");
  });

  it("as a folder is made with those above it, unless a file is in the way", async () => {
    for (const path of [undefined, folder, at("none", "new")]) assert.equal(await said(checkFolder(path)), "");
    for (const path of [at("file"), at("file", "new")])
      assert.equal(await said(checkFolder(path)), "…/file is no folder. Check the path.");
  });
});

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { sentenceOf } from "../../../src/cli/sentence";
import { checkFile, checkFolder } from "../../../src/cli/writable";
import { useTemporaryFolder } from "../../support/temporaryFolder";

describe("what a command is to write", () => {
  const folder = useTemporaryFolder("all tests");
  before(() => writeFile(folder("file"), ""));

  const said = (checking: Promise<void>) =>
    checking.then(
      () => "",
      (error: unknown) => sentenceOf(error).replaceAll(folder(), "…").replaceAll("\\", "/"),
    );

  it("as a file needs a folder that is there", async () => {
    for (const path of [undefined, folder("file"), folder("new")]) assert.equal(await said(checkFile(path)), "");
    assert.equal(await said(checkFile(folder("none", "new"))), "There is no …/none. Check the path.");
    assert.equal(await said(checkFile(folder("file", "new"))), "…/file is no folder. Check the path.");
    assert.equal(await said(checkFile(folder())), "… is a folder. Name a file.");
  });

  it("as a folder is made with those above it, unless a file is in the way", async () => {
    for (const path of [undefined, folder(), folder("none", "new")]) assert.equal(await said(checkFolder(path)), "");
    for (const path of [folder("file"), folder("file", "new")])
      assert.equal(await said(checkFolder(path)), "…/file is no folder. Check the path.");
  });
});

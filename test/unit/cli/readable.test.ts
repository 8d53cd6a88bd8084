import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkInput, checkInputFolder, readInput } from "../../../src/cli/readable";
import { sentenceOf } from "../../../src/cli/sentence";
import { useTemporaryFolder } from "../../support/temporaryFolder";

describe("what a command is to read", () => {
  const at = useTemporaryFolder("all tests");
  let folder: string;
  let file: string;
  before(async () => {
    [folder, file] = [at(), at("file")];
    await writeFile(file, "text");
  });

  const said = (checking: Promise<unknown>) =>
    checking.then(
      () => "",
      (error: unknown) => sentenceOf(error).replaceAll(folder, "…").replaceAll("\\", "/"),
    );

  it("as a file is one, and else is named", async () => {
    assert.equal(String(await readInput(file)), "text");
    assert.equal(await said(readInput(folder)), "… is a folder. Name a file.");
    assert.equal(await said(readInput(join(folder, "none"))), "There is no …/none. Check the path.");
    // Windows does not say that it is a file.
    assert.match(
      await said(readInput(join(file, "none"))),
      /^There is no …\/file\/none(: a part of that is a file)?\. Check the path\.$/,
    );
    for (const path of [undefined, file]) assert.equal(await said(checkInput(path)), "");
  });

  it("as a folder is one", async () => {
    assert.equal(await said(checkInputFolder(folder)), "");
    assert.equal(await said(checkInputFolder(file)), "…/file is not a folder. Check the path.");
    assert.equal(await said(checkInputFolder(join(folder, "none"))), "There is no …/none. Check the path.");
  });
});

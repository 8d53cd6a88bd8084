import assert from "node:assert/strict";
import type { PathLike } from "node:fs";
import files, { writeFile } from "node:fs/promises";
import { sentenceOf } from "../../../src/cli/sentence";
import { checkFile, checkFolder, checkFolderName, checkReplaced } from "../../../src/cli/writable";
import { withReplaced } from "../../support/replaced";
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
    assert.equal(await said(checkFile(folder("file", "new"))), "…/file is not a folder. Check the path.");
    assert.equal(await said(checkFile(folder())), "… is a folder. Name a file.");
  });

  it("as a folder is made with those above it, unless a file is in the way", async () => {
    for (const check of [checkFolder, checkFolderName]) {
      for (const path of [undefined, folder(), folder("none", "new")]) assert.equal(await said(check(path)), "");
      for (const path of [folder("file"), folder("file", "new")])
        assert.equal(await said(check(path)), "…/file is not a folder. Check the path.");
    }
  });

  it("as a file that replaces another needs no more than a folder", async () => {
    for (const path of [undefined, folder("file"), folder("new")]) assert.equal(await said(checkReplaced(path)), "");
    assert.equal(await said(checkReplaced(folder("none", "new"))), "There is no …/none. Check the path.");
    assert.equal(await said(checkReplaced(folder())), "… is a folder. Name a file.");
  });

  it("is refused where nothing may be written, unless it is not needed there", async () => {
    const refusing = (refused: string) => ({
      access: async (path: PathLike) => {
        if (path === refused) throw Object.assign(new Error("EACCES"), { code: "EACCES", syscall: "access", path });
      },
    });
    const sentence = (path: string) => `${path} is not writable. Check its permissions.`;
    await withReplaced<Pick<typeof files, "access">, void>(files, refusing(folder()), async () => {
      for (const path of [folder(), folder("new")]) assert.equal(await said(checkFolder(path)), sentence("…"));
      assert.equal(await said(checkFile(folder("new"))), sentence("…"));
      assert.equal(await said(checkReplaced(folder("file"))), sentence("…"));
      assert.equal(await said(checkFolderName(folder())), "");
      assert.equal(await said(checkFile(folder("file"))), "");
    });
    await withReplaced<Pick<typeof files, "access">, void>(files, refusing(folder("file")), async () => {
      assert.equal(await said(checkFile(folder("file"))), sentence("…/file"));
      assert.equal(await said(checkReplaced(folder("file"))), "");
    });
  });
});

// What is noted beside models and downloads, as a failing disk may give it back.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { DownloadRecord } from "../../../../src/extension/models/downloadRecord";
import { FolderNotes } from "../../../../src/extension/models/folderNotes";
import type { RemoteFile } from "../../../../src/extension/models/hub";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const FILE: RemoteFile = { path: "config.json", bytes: 3, hash: { type: "gitBlob", digest: "ab" }, url: "" };
const { url: _, ...NOTED } = FILE;

describe("a damaged note", () => {
  const folder = useTemporaryFolder();

  for (const files of [
    null,
    {},
    [null],
    [{ ...NOTED, hash: undefined }],
    [{ ...NOTED, path: 1 }],
    [{ ...NOTED, bytes: "3" }],
  ])
    it(`of a download is none: ${JSON.stringify(files)}`, async () => {
      await writeFile(folder(".record.json"), JSON.stringify(files));
      const record = await DownloadRecord.read(folder());
      assert.deepEqual([record.totalBytes, await record.isWhole()], [0, false]);
      record.list([FILE]);
      assert.equal(record.totalBytes, 3);
    });

  it("is told from a whole one", async () => {
    await writeFile(folder(".record.json"), JSON.stringify([NOTED]));
    assert.equal((await DownloadRecord.read(folder())).totalBytes, 3);
  });

  for (const [noted, known] of [
    ["null", {}],
    ["[", {}],
    ['{ "a": 3, "b": "/models/b" }', { b: "/models/b" }],
  ] as const)
    it(`of checkpoints is read as far as it can be: ${noted}`, async () => {
      await writeFile(folder(".checkpoints.json"), noted);
      assert.deepEqual(await new FolderNotes(folder()).checkpoints(), known);
    });
});

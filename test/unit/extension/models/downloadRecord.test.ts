import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { DownloadRecord } from "../../../../src/extension/models/downloadRecord";
import type { RemoteFile } from "../../../../src/extension/models/hub";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const listed = (path: string, bytes: number, digest = path) =>
  ({ path, bytes, hash: { type: "sha256", digest }, url: "" }) satisfies RemoteFile;
const A = listed("a", 3);
const B = listed("b", 2);

describe("the record of a download", () => {
  const folder = useTemporaryFolder();

  /** Both files are here and were compared. */
  async function whole(): Promise<DownloadRecord> {
    writeFileSync(folder("a"), "aaa");
    writeFileSync(folder("b"), "bb");
    const record = await DownloadRecord.read(folder());
    record.list([A, B]);
    for (const file of [A, B]) await record.compared(file);
    return record;
  }

  /** At so many seconds since 1970. */
  function writeAt(time: number, text: string): void {
    writeFileSync(folder("a"), text);
    utimesSync(folder("a"), time, time);
  }

  it("knows nothing before the hub has listed anything, or where it cannot be read", async () => {
    for (const text of [undefined, "half a rec"]) {
      if (text !== undefined) writeFileSync(folder(".record.json"), text);
      const record = await DownloadRecord.read(folder());
      assert.equal(record.totalBytes, 0);
      assert.ok(!(await record.isWhole()));
    }
  });

  it("is whole once every file was compared, also for who reads it later, and no more once it is forgotten", async () => {
    const record = await whole();
    assert.equal(record.totalBytes, 5);
    assert.ok(await record.isWhole());
    await record.save();
    assert.ok(await (await DownloadRecord.read(folder())).isWhole());
    await DownloadRecord.forget(folder());
    await DownloadRecord.forget(folder());
    assert.ok(!(await (await DownloadRecord.read(folder())).isWhole()));
  });

  it("does not know a file that was listed only", async () => {
    const record = await whole();
    record.list([A, B, listed("c", 1)]);
    assert.ok(!(await record.isAsCompared({ path: "c" })));
    assert.ok(await record.isAsCompared(A));
    assert.ok(!(await record.isWhole()));
  });

  for (const [what, change] of [
    ["is gone from the list", (record: DownloadRecord) => record.list([B])],
    ["is listed with another hash", (record: DownloadRecord) => record.list([listed("a", 3, "other"), B])],
    ["has another length", () => writeAt(7, "aaaa")],
    ["was written since", () => writeAt(8, "aaa")],
  ] as const) {
    it(`does not know a file that ${what}, but the others`, async () => {
      const record = await whole();
      writeAt(7, "aaa");
      await record.compared(A);
      assert.ok(await record.isAsCompared(A));
      change(record);
      assert.ok(!(await record.isAsCompared(A)));
      assert.ok(await record.isAsCompared(B));
    });
  }
});

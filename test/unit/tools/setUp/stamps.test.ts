import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { makeOnce } from "../../../../tools/setUp/stamps.mjs";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("what is made from other things", () => {
  const folder = useTemporaryFolder();

  const make = (hash: string, work = () => writeFile(folder("product"), hash)): Promise<boolean> =>
    makeOnce(folder("product"), hash, work, folder("stamps"));

  it("is made again exactly when these have changed", async () => {
    assert.deepEqual([await make("a"), await make("a"), await make("b"), await make("a")], [true, false, true, true]);
  });

  it("is made again after work that did not come to its end", async () => {
    await make("a");
    const interrupted = async () => {
      await writeFile(folder("product"), "half of b");
      throw new Error("interrupted");
    };
    await assert.rejects(make("b", interrupted), /interrupted/);
    assert.equal(await make("a"), true);
  });
});

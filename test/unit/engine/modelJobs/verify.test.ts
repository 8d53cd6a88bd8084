import assert from "node:assert/strict";
import { findAlteredFiles } from "../../../../src/engine/modelJobs/verify";
import { useTemporaryTree } from "../files/temporaryTree";

describe("the verification of a model folder", () => {
  const tree = useTemporaryTree();
  const sha256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

  async function faultsOf(files: unknown): Promise<string[]> {
    tree.add({ "model/a.bin": "a", "outside.bin": "a", "model/model.json": JSON.stringify({ files }) });
    return findAlteredFiles(tree.at("model"), new AbortController().signal, () => {});
  }

  it("looks at the files that model.json names", async () => {
    assert.deepEqual(await faultsOf({ "a.bin": { bytes: 1, sha256 } }), []);
    assert.deepEqual(await faultsOf({ "b.bin": { bytes: 1, sha256 } }), ["b.bin is missing or not readable."]);
  });

  it("looks at no file elsewhere, and refuses what is no table of files", async () => {
    for (const files of [{ "../outside.bin": { bytes: 1, sha256 } }, { "a.bin": null }, [], null, undefined]) {
      assert.deepEqual(await faultsOf(files), ["model.json is missing or not readable."], JSON.stringify(files));
    }
  });
});

import assert from "node:assert/strict";
import { allocatedBytesIn, bytesIn } from "../../../src/machine/diskRoom";
import { useTemporaryFolder, writeFiles } from "../../support/temporaryFolder";

describe("what is on the disk", () => {
  const folder = useTemporaryFolder();

  it("is all of a folder's files, also of what a calibration that was killed has left in one of its own", async () => {
    await writeFiles(folder(), { shard: Buffer.alloc(50_000, 1), "layer/weights": Buffer.alloc(40_000, 1) });
    assert.equal(await bytesIn(folder()), 90_000);
    const allocated = await allocatedBytesIn(folder());
    assert.ok(allocated >= 90_000 && allocated < 200_000, String(allocated));
  });

  it("is nothing where there is no folder", async () => assert.equal(await bytesIn(folder("nowhere")), 0));
});

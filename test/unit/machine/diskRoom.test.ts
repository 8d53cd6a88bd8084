import assert from "node:assert/strict";
import { allocatedBytesIn, bytesIn, bytesToCome, freeDiskBytes } from "../../../src/machine/diskRoom";
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

  it("still has to come as far as it is not there", () => {
    assert.equal(bytesToCome({ planned: 10, present: 4 }, { planned: 5, present: 0 }, { planned: 3, present: 8 }), 11);
  });

  it("has the room of the nearest folder that is there", async () => {
    const bytes = await freeDiskBytes(folder("not", "yet"));
    assert.ok(bytes > 1e6 && Number.isFinite(bytes), String(bytes));
  });
});

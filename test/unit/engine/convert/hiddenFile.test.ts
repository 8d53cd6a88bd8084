import assert from "node:assert/strict";
import { readdir, stat, writeFile } from "node:fs/promises";
import { readHidden, removeHidden, saveHidden } from "../../../../src/engine/convert/calibration/hiddenFile";
import { whileHeldForAMoment } from "../../../support/heldFiles";
import { withFileMethod } from "../../../support/openFiles";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("the text between two layers, on the disk", () => {
  const folder = useTemporaryFolder();

  it("is the user's alone", async function () {
    if (process.platform === "win32") this.skip();
    await saveHidden(folder(), 1, Float32Array.of(1));
    assert.equal((await stat(folder("hidden-1"))).mode & 0o777, 0o600);
  });

  it("is whole also where a single write takes only a part", async () => {
    const hidden = Float32Array.of(1, 2, 3, 4);
    await withFileMethod(
      "write",
      (write) =>
        function (this: unknown, data: Float32Array) {
          return Reflect.apply(write, this, [data.subarray(0, data.length / 2)]);
        },
      () => saveHidden(folder(), 1, hidden),
    );
    assert.deepEqual(await readHidden(folder(), 1, hidden.length), hidden);
  });

  it("goes when another layer's is there, also what a stopped run left of it", async () => {
    for (const layer of [1, 2]) await saveHidden(folder(), layer, Float32Array.of(layer));
    await writeFile(folder("hidden-1.4711.00000001.tmp"), "half");
    await whileHeldForAMoment(() => removeHidden(folder(), 2));
    assert.deepEqual(await readdir(folder()), ["hidden-2"]);
  });
});

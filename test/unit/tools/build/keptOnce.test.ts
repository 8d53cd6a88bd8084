import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { keptOnce } from "../../../../tools/build/keptOnce.mjs";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

describe("a file that is made once and kept", () => {
  const folder = useTemporaryFolder();
  let file: string;

  beforeEach(() => {
    file = folder("kept", "file");
  });

  it("is whole for all who ask for it at once, and is made for the first", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i);
    let made = 0;
    const make = async () => {
      made++;
      return bytes;
    };
    const all = await Promise.all(Array.from({ length: 8 }, () => keptOnce(file, make)));
    assert.deepEqual([made, all.every((one) => Buffer.compare(one, bytes) === 0)], [1, true]);
    assert.deepEqual(Uint8Array.from(await keptOnce(file, make)), bytes);
    assert.equal(made, 1, "later ones read the file");
    assert.deepEqual(await readdir(folder("kept")), ["file"]);
  });

  it("is not kept when it cannot be made, and is made for who asks again", async () => {
    const failing = () => keptOnce(file, () => Promise.reject(new Error("does not compile")));
    await assert.rejects(Promise.all([failing(), failing()]), /does not compile/);
    await keptOnce(file, async () => Uint8Array.of(7));
    assert.deepEqual([...(await readFile(file))], [7]);
  });
});

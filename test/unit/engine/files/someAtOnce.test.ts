import assert from "node:assert/strict";
import { CALLS, someAtOnce } from "../../../../src/engine/files/someAtOnce";

describe("asking the disk about many files", () => {
  const items = Array.from({ length: 2 * CALLS + 1 }, (_, index) => index);

  it("has some answers under way at once, and each in its place", async () => {
    let [now, most] = [0, 0];
    const ask = async (item: number) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      return -item;
    };
    assert.deepEqual(
      await someAtOnce(items, ask, undefined),
      items.map((item) => -item),
    );
    assert.equal(most, CALLS);
  });

  it("asks no more once it is told to end", async () => {
    const ending = new AbortController();
    let asked = 0;
    const ask = async () => {
      asked++;
      ending.abort(new Error("other rules hold"));
    };
    await assert.rejects(someAtOnce(items, ask, ending.signal), /other rules hold/);
    assert.equal(asked, CALLS);
  });
});

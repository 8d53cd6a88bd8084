import assert from "node:assert/strict";
import fc from "fast-check";
import { setInSlices, sortedInSlices } from "../../../src/engine/slices";

describe("long work in slices", () => {
  it("sorts as in one go, equals in their order", async () => {
    const byTime = (a: { time: number }, b: { time: number }) => a.time - b.time;
    const times = fc.array(fc.nat(50), { maxLength: 3_000, size: "max" });
    await fc.assert(
      fc.asyncProperty(times, async (values) => {
        const items = values.map((time, place) => ({ time, place }));
        assert.deepEqual(await sortedInSlices(items, byTime), [...items].sort(byTime));
      }),
      { numRuns: 20 },
    );
  });

  it("makes a set with the values in their order", async () => {
    const values = Array.from({ length: 2_000 }, (_, at) => (at * 7) % 1_500);
    assert.deepEqual([...(await setInSlices(values))], [...new Set(values)]);
  });
});

import assert from "node:assert/strict";
import { RestingCursor } from "../../../src/ghostText/restingCursor";
import { FakeClock } from "../../support/fakeClock";

describe("a cursor", () => {
  it("rests where it has stayed for a while, and not where it passed", async () => {
    const clock = new FakeClock();
    const cursor = new RestingCursor(clock);
    const rests: number[] = [];
    for (const place of [1, 2]) {
      cursor.moved(() => rests.push(place));
      await clock.advance(100);
    }
    assert.equal(rests.length, 0);
    await clock.advance(100);
    assert.deepEqual(rests, [2]);
    cursor.moved(() => rests.push(3));
    cursor.dispose();
    await clock.advance(1000);
    assert.deepEqual(rests, [2]);
  });

  it("rests later where it is to stay", async () => {
    const clock = new FakeClock();
    const cursor = new RestingCursor(clock);
    const rests: number[] = [];
    cursor.moved(() => rests.push(1), "stay");
    await clock.advance(999);
    assert.deepEqual([rests, cursor.isMoving], [[], true]);
    await clock.advance(1);
    assert.deepEqual([rests, cursor.isMoving], [[1], false]);
  });

  it("rests at once where it need not stay, and no more where it was before", async () => {
    const clock = new FakeClock();
    const cursor = new RestingCursor(clock);
    const rests: number[] = [];
    cursor.moved(() => rests.push(1));
    cursor.moved(() => rests.push(2), "none");
    assert.deepEqual(rests, [2]);
    await clock.advance(1000);
    assert.deepEqual(rests, [2]);
  });
});

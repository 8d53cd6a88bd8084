import assert from "node:assert/strict";
import { Throttle } from "../../../src/extension/throttle";
import { FakeClock } from "../../support/fakeClock";

describe("Throttle", () => {
  it("acts at once, then once in each interval, and does not lose the last", async () => {
    const clock = new FakeClock();
    const times: number[] = [];
    const throttle = new Throttle(clock, 500, () => times.push(clock.now()));
    for (let request = 0; request < 12; request++) {
      throttle.request();
      await clock.advance(100);
    }
    await clock.advance(5000);
    assert.deepEqual(times, [0, 500, 1000, 1500]);
    throttle.request();
    assert.equal(times.at(-1), clock.now());
  });

  it("does nothing more when it is disposed of", async () => {
    const clock = new FakeClock();
    let runs = 0;
    const throttle = new Throttle(clock, 500, () => runs++);
    throttle.request();
    throttle.request();
    throttle.dispose();
    await clock.advance(5000);
    assert.equal(runs, 1);
  });
});

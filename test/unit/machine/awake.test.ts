import assert from "node:assert/strict";
import { mock } from "node:test";
import { timeoutAwake, unlessAsleep } from "../../../src/machine/awake";

describe("time awake", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] }));
  afterEach(() => mock.timers.reset());

  function run(seconds: number): void {
    for (let second = 0; second < seconds; second++) mock.timers.tick(1000);
  }

  /** The clock goes on, and what falls due meanwhile does so when the machine wakes up. */
  function sleep(): void {
    mock.timers.tick(8 * 3_600_000);
  }

  it("is up after so long", () => {
    const signal = timeoutAwake(600_000);
    run(599);
    assert.equal(signal.aborted, false);
    run(1);
    assert.equal(signal.reason.message, "it did not come to an end within 600 seconds");
  });

  it("is not up because of a sleep", () => {
    const signal = timeoutAwake(600_000);
    run(300);
    sleep();
    run(298);
    assert.equal(signal.aborted, false);
    run(1);
    assert.equal(signal.aborted, true);
  });

  it("gives what comes of work in it, and nothing of work during which the machine slept", async () => {
    const during = (happens: () => void) => unlessAsleep(async () => happens() ?? "done");
    assert.equal(await during(() => run(600)), "done");
    assert.equal(await during(() => sleep()), undefined);
    const isAwakeAgain = () => mock.timers.setTime(Date.now() + 3_600_000);
    assert.equal(await during(isAwakeAgain), undefined, "before a step notices");
    await assert.rejects(
      unlessAsleep(() => Promise.reject(new Error("failed"))),
      /failed/,
    );
  });
});

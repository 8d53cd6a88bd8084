import assert from "node:assert/strict";
import { mock } from "node:test";
import { inTime } from "../../../src/machine/inTime";

describe("a wait for something that may never come", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  /** The process is blocked again and again, as by runs of the model. */
  function pass(times: number, blockedMs: number): void {
    for (let time = 0; time < times; time++) mock.timers.tick(blockedMs);
  }

  it("gives what comes, and else ends after so long", async () => {
    const never = new Promise<string>(() => {});
    assert.equal(await inTime(Promise.resolve("came"), 5_000, () => "late"), "came");
    const waiting = inTime(never, 5_000, () => "late");
    pass(100, 50);
    assert.equal(await waiting, "late");
  });

  it("does not count the time in which the process was blocked", async () => {
    let come = (_: string) => {};
    const coming = new Promise<string>((resolve) => {
      come = resolve;
    });
    let isLate = false;
    const waiting = inTime(coming, 5_000, () => {
      isLate = true;
      return "late";
    });
    pass(99, 300);
    assert.equal(isLate, false);
    come("came");
    assert.equal(await waiting, "came");
  });
});

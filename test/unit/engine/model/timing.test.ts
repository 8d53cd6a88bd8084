import assert from "node:assert/strict";
import { type Measuring, timeRuns } from "../../../../src/engine/model/timing";
import { assertClose } from "../../../support/assertClose";

/** A machine of so many processors, whose clock of what is used moves in steps; and a run that has `share` of them. */
function machine({ processors = 4, stepMs = 0, runMs = 3, share = 1 }) {
  let now = 1000;
  let runs = 0;
  const measuring: Measuring = {
    processors,
    now: () => now,
    usedMs: () => {
      const used = 7 + (now - 1000) * share;
      return stepMs === 0 ? used : Math.floor(used / stepMs) * stepMs;
    },
  };
  const run = async () => {
    now += runMs + (runs++ === 1 ? 0 : 1);
  };
  return { measuring, run, runs: () => runs };
}

describe("timing runs", () => {
  it("gives the fastest of some", async () => {
    const { measuring, run, runs } = machine({ runMs: 1000 });
    assert.equal((await timeRuns(run, 1, measuring)).fastestMs, 1000);
    assert.equal(runs(), 3);
  });

  for (const runMs of [0.1, 2, 5, 40]) {
    it(`finds a quiet machine undisturbed by runs of ${runMs} ms, however coarse its clock is`, async () => {
      const { measuring, run } = machine({ stepMs: 15.625, runMs });
      assertClose((await timeRuns(run, 1, measuring)).share, 1, 0.1);
    });
  }

  it("finds a quiet machine undisturbed also with more threads than processors", async () => {
    const { measuring, run } = machine({ share: 4 });
    assertClose((await timeRuns(run, 8, measuring)).share, 1, 0.1);
  });

  it("tells when others had the half of the processors", async () => {
    const { measuring, run } = machine({ share: 2, stepMs: 15.625 });
    assertClose((await timeRuns(run, 4, measuring)).share, 0.5, 0.1);
  });
});

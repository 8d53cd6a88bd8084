import assert from "node:assert/strict";
import { ComingBack } from "../../../../src/extension/repository/comingBack";
import { FakeClock } from "../../../support/fakeClock";

/** Seconds at which the window gets the keyboard (+) or loses it (-), and those at which somebody is said to be back. */
const CASES: readonly (readonly [what: string, changes: readonly string[], said: readonly number[]])[] = [
  ["once watchers have had their time", ["-10", "+20"], [30]],
  ["not while nobody has been away", ["+20"], []],
  ["not of a moment between two absences", ["-10", "+20", "-25", "+40"], [50]],
  ["once, whatever else changes about the window", ["-10", "+20", "+25", "+100"], [35]],
  ["every five minutes at most, and then also without another change", ["-10", "+20", "-40", "+50"], [30, 330]],
  ["not later than that in an absence", ["-10", "+20", "-40", "+50", "-60", "+700"], [30, 710]],
];

describe("coming back to the window", () => {
  for (const [what, changes, said] of CASES) {
    it(`is said ${what}`, async () => {
      const clock = new FakeClock();
      const start = clock.now();
      const saidAt: number[] = [];
      const comingBack = new ComingBack(clock, () => saidAt.push((clock.now() - start) / 1000));
      for (const change of changes) {
        await clock.advance(start + Math.abs(Number(change)) * 1000 - clock.now());
        comingBack.windowChanged(change.startsWith("+"));
      }
      await clock.advance(3_600_000);
      assert.deepEqual(saidAt, said);
    });
  }
});

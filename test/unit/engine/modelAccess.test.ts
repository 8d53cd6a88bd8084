import assert from "node:assert/strict";
import { type ModelAccess, TooLate, undisturbed, within } from "../../../src/engine/modelAccess";

describe("access to the model within some time", () => {
  it("is the same access until time is up", async () => {
    let turns = 0;
    const counted: ModelAccess = {
      nextRun: async () => {
        turns++;
      },
    };
    const access = within(counted, 60_000);
    await access.nextRun();
    await access.nextRun();
    assert.equal(turns, 2);
  });

  it("ends before the first run that would come too late", async () => {
    await assert.rejects(within(undisturbed, -1).nextRun(), TooLate);
  });
});

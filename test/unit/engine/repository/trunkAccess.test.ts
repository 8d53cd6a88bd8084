import assert from "node:assert/strict";
import { Cancelled, type ModelAccess } from "../../../../src/engine/modelAccess";
import { PendingChanges } from "../../../../src/engine/repository/pendingChanges";
import { Paused, TrunkAccess } from "../../../../src/engine/repository/trunkAccess";

describe("TrunkAccess", () => {
  let pending: PendingChanges;
  /** What was looked at, each time. */
  let looks: (readonly string[])[];
  /** Gives the turns that were asked for, in their order. */
  let turns: (() => void)[];
  let trunkAccess: TrunkAccess;
  let whileLooking: () => void;

  const access: ModelAccess = { nextRun: () => new Promise((resolve) => turns.push(resolve)) };
  const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

  beforeEach(async () => {
    looks = [];
    turns = [];
    whileLooking = () => {};
    pending = new PendingChanges();
    await pending.take(async () => {});
    trunkAccess = new TrunkAccess(pending, () =>
      pending.takePaths(async (paths) => {
        looks.push(paths);
        whileLooking();
      }),
    );
  });

  it("looks at what has changed before the run, and again while that waits for its turn", async () => {
    pending.add(["a"]);
    const run = trunkAccess.of(access).nextRun();
    await soon();
    pending.add(["b"]);
    trunkAccess.notify();
    await soon();
    assert.deepEqual(looks, [["a"], ["b"]]);
    assert.equal(turns.length, 1, "it has kept its place");
    // The turn may have come while changes were looked at, and be over.
    turns[0]!();
    await soon();
    assert.equal(turns.length, 2);
    turns[1]!();
    await run;
  });

  it("looks once more at what has changed while it looked", async () => {
    whileLooking = () => {
      whileLooking = () => {};
      pending.add(["b"]);
      trunkAccess.notify();
    };
    pending.add(["a"]);
    const run = trunkAccess.of(access).nextRun();
    await soon();
    assert.deepEqual(looks, [["a"], ["b"]]);
    turns[0]!();
    await run;
  });

  it("ends what takes long between two runs when the access does", () => {
    const { signal } = new AbortController();
    assert.equal(trunkAccess.of({ ...access, signal }).signal, signal);
  });

  it("ends the reading when it is paused, also while it waits", async () => {
    const waiting = trunkAccess.of(access).nextRun();
    await soon();
    assert.equal(trunkAccess.setPaused("You paused it."), false);
    await assert.rejects(waiting, (error) => error instanceof Paused && error.reason === "You paused it.");
    await assert.rejects(trunkAccess.of(access).nextRun(), Cancelled);
    assert.equal(turns.length, 1);
    assert.equal(trunkAccess.setPaused(undefined), true, "it goes on");
    assert.equal(trunkAccess.setPaused(undefined), false);
    const run = trunkAccess.of(access).nextRun();
    await soon();
    turns[1]!();
    await run;
  });
});

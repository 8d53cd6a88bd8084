import assert from "node:assert/strict";
import { BundledSpeed, type SpeedParts } from "../../../../src/extension/models/machine";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";

/** A session of `version`, whose measurements `runs` counts. */
function setUp(globalState = fakeStore(), { version = "1.0.0", isDisturbed = false } = {}) {
  const log = new FakeLog();
  const runs: unknown[] = [];
  const speeds = { decodeTokensPerSecond: 10, prefillTokensPerSecond: 100, fourBitReading: 0.5, isDisturbed };
  const context = { globalState, extension: { packageJSON: { version } } };
  const runJob = async (job: unknown) => {
    runs.push({ job, isPaused });
    return speeds;
  };
  const bundled = async () => ({ folder: "/bundled", bytes: 7 });
  let isPaused = false;
  const reading = {
    async pausedDuring<T>(work: () => Promise<T>): Promise<T> {
      isPaused = true;
      return work().finally(() => {
        isPaused = false;
      });
    },
  };
  const parts = { bundled, context, reading, runJob, log };
  const speed = new BundledSpeed(parts as unknown as SpeedParts);
  const measure = () => speed.get();
  return { globalState, log, runs, parts, measure, probe: { storedBytes: 7, ...speeds } };
}

describe("the bundled model's speed", () => {
  it("is measured once, and again for another version", async () => {
    const { globalState, runs, measure, probe } = setUp();
    assert.deepEqual(await Promise.all([measure(), measure()]), [probe, probe], "also where two ask at once");
    assert.deepEqual(await measure(), probe);
    assert.deepEqual(runs, [{ job: { type: "measureSpeed", folder: "/bundled" }, isPaused: true }]);
    const later = setUp(globalState);
    assert.deepEqual(await later.measure(), probe);
    assert.deepEqual(later.runs, [], "it was kept");
    const updated = setUp(globalState, { version: "1.0.1" });
    assert.deepEqual(await updated.measure(), probe);
    assert.equal(updated.runs.length, 1);
  });

  it("is not known where it cannot be measured, which the log tells, and is tried again", async () => {
    const { log, runs, parts, measure, probe } = setUp();
    const { runJob } = parts;
    parts.runJob = () => Promise.reject(new Error("no room"));
    assert.equal(await measure(), undefined);
    parts.runJob = runJob;
    assert.match(JSON.stringify(log), /could not be measured: no room/);
    assert.deepEqual(await measure(), probe);
    assert.equal(runs.length, 1);
  });

  it("is kept for the session alone where other programs disturbed the measurement", async () => {
    const { globalState, runs, measure, probe } = setUp(fakeStore(), { isDisturbed: true });
    assert.deepEqual([await measure(), await measure()], [probe, probe]);
    assert.equal(runs.length, 1);
    const next = setUp(globalState);
    assert.deepEqual(await next.measure(), next.probe);
    assert.equal(next.runs.length, 1);
  });

  it("is known although VS Code cannot keep it, which the log tells", async () => {
    const update = () => Promise.reject(new Error("the disk is full"));
    const { log, runs, measure, probe } = setUp({ ...fakeStore(), update } as never);
    assert.deepEqual([await measure(), await measure()], [probe, probe]);
    assert.match(JSON.stringify(log), /could not be kept: the disk is full/);
    assert.equal(runs.length, 1);
  });
});

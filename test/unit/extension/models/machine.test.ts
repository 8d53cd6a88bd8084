import assert from "node:assert/strict";
import { measuredSpeed, type SpeedParts } from "../../../../src/extension/models/machine";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";

/** Measurements of `version`, which `runs` counts. */
function setUp(globalState = fakeStore(), version = "1.0.0") {
  const log = new FakeLog();
  const runs: unknown[] = [];
  const speeds = { decodeTokensPerSecond: 10, prefillTokensPerSecond: 100, fourBitReading: 0.5 };
  const context = { globalState, extension: { packageJSON: { version } } };
  const runJob = async (job: unknown) => {
    runs.push(job);
    return speeds;
  };
  const bundled = async () => ({ folder: "/bundled", bytes: 7 });
  const measure = (change: object = {}) =>
    measuredSpeed(bundled, { context, runJob, log, ...change } as unknown as SpeedParts);
  return { globalState, log, runs, measure, probe: { storedBytes: 7, ...speeds } };
}

describe("the bundled model's speed", () => {
  it("is measured once, and again for another version", async () => {
    const { globalState, runs, measure, probe } = setUp();
    assert.deepEqual([await measure(), await measure()], [probe, probe]);
    assert.deepEqual(runs, [{ type: "probe", folder: "/bundled" }]);
    const updated = setUp(globalState, "1.0.1");
    assert.deepEqual(await updated.measure(), probe);
    assert.equal(updated.runs.length, 1);
  });

  it("is not known where it cannot be measured, which the log tells, and is tried again", async () => {
    const { log, runs, measure, probe } = setUp();
    const runJob = () => Promise.reject(new Error("no room"));
    assert.equal(await measure({ runJob }), undefined);
    assert.match(JSON.stringify(log), /could not be measured: no room/);
    assert.deepEqual(await measure(), probe);
    assert.equal(runs.length, 1);
  });
});

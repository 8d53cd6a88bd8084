// Mocha's usual output, and a result file: one that does not say that the run came to its end has died, whatever its exit
// code says.

const { renameSync, writeFileSync } = require("node:fs");
const { reporters } = require("mocha");
const { gatherTests } = require("./gatherTests.cjs");

/** The file grows with each test, and there are thousands. */
const WRITE_EVERY_MS = 200;

module.exports = class ResultReporter extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const gathered = gatherTests(runner);
    runner.on("retry", (test, error) => console.log(`    Tried again: ${test.fullTitle()}: ${error.message}`));
    const file = process.env.GRIFFIN_TEST_RESULT ?? "";
    let writtenAt = -Infinity;
    const write = (/** @type {boolean} */ hasEnded) => {
      if (!hasEnded && performance.now() - writtenAt < WRITE_EVERY_MS) return;
      const { passes, failures, pending } = this.stats;
      const result = { hasEnded, stats: { passes, failures, pending }, ...gathered };
      // Whole, also when the run dies while it writes.
      writeFileSync(`${file}.new`, JSON.stringify(result, undefined, 2));
      renameSync(`${file}.new`, file);
      writtenAt = performance.now();
    };
    runner.on("test end", () => write(false));
    runner.once("end", () => write(true));
  }
};

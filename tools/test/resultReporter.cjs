// Mocha's usual output, and a result file: one that does not say that the run came to its end has died, whatever its exit
// code says.

const { renameSync, writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** The file grows with each test, and there are thousands. */
const WRITE_EVERY_MS = 200;

module.exports = class ResultReporter extends reporters.Spec {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    /** @type {import("./results.mjs").MochaResult["tests"]} */
    const tests = [];
    runner.on("retry", (test, error) => console.log(`    Tried again: ${test.fullTitle()}: ${error.message}`));
    runner.on("pass", (test) => tests.push({ title: test.fullTitle(), ok: true, ms: test.duration ?? 0 }));
    runner.on("fail", (test, error) => tests.push({ title: test.fullTitle(), ok: false, err: String(error.stack) }));
    const file = process.env.GRIFFIN_TEST_RESULT ?? "";
    let writtenAt = -Infinity;
    const write = (/** @type {boolean} */ hasEnded) => {
      if (!hasEnded && performance.now() - writtenAt < WRITE_EVERY_MS) return;
      const { passes, failures, pending } = this.stats;
      const result = { hasEnded, stats: { passes, failures, pending }, tests };
      // Whole, also when the run dies while it writes.
      writeFileSync(`${file}.new`, JSON.stringify(result, undefined, 2));
      renameSync(`${file}.new`, file);
      writtenAt = performance.now();
    };
    runner.on("test end", () => write(false));
    runner.once("end", () => write(true));
  }
};

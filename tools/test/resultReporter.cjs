// Mocha's usual output, and a result file: one that does not say that the run came to its end has died, whatever its exit
// code says.

const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

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
    const write = (/** @type {boolean} */ hasEnded) => {
      const { passes, failures, pending } = this.stats;
      const result = { hasEnded, stats: { passes, failures, pending }, tests };
      writeFileSync(process.env.GRIFFIN_TEST_RESULT ?? "", JSON.stringify(result, undefined, 2));
    };
    runner.on("test end", () => write(false));
    runner.once("end", () => write(true));
  }
};

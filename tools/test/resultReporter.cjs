// Mocha's usual output, and at the end a result file: a run without one has died, whatever its exit code says.

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
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const result = { stats: { passes, failures, pending }, tests };
      writeFileSync(process.env.GRIFFIN_TEST_RESULT ?? "", JSON.stringify(result, undefined, 2));
    });
  }
};

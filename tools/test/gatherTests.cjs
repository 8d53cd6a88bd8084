// What a mocha run leaves of its tests, gathered as they end.

/**
 * @param {import("mocha").Runner} runner
 * @returns {Pick<import("./results.mjs").MochaResult, "tests" | "retried">} grows while the run goes on
 */
exports.gatherTests = (runner) => {
  /** @type {import("./results.mjs").MochaResult["tests"]} */
  const tests = [];
  /** @type {string[]} */
  const retried = [];
  const ended = (/** @type {import("mocha").Test} */ test) => ({ title: test.fullTitle(), ms: test.duration ?? 0 });
  runner.on("retry", (test, error) => retried.push(`${test.fullTitle()}: ${error.message}`));
  runner.on("pass", (test) => tests.push({ ...ended(test), ok: true }));
  runner.on("fail", (test, error) => tests.push({ ...ended(test), ok: false, err: error.stack ?? error.message }));
  return { tests, retried };
};

import assert from "node:assert/strict";
import { judgeResult, problemLines } from "../../../../tools/test/results.mjs";

const TESTS = [{ title: "adds", ok: true }];
const ONE = { hasEnded: true, stats: { passes: 1, failures: 0 }, tests: TESTS, retried: [] };

describe("a run of mocha", () => {
  it("counts as what it has left", () => {
    const result = { ...ONE, stats: { passes: 1, failures: 0, pending: 2 } };
    assert.deepEqual(judgeResult(result, 0), { passed: 1, failed: 0, skipped: 2 });
  });

  it("tells at the end of the log which tests failed, and why the run did", () => {
    const tests = [...TESTS, { title: "takes away", ok: false }];
    const result = judgeResult({ ...ONE, hasEnded: false, stats: { passes: 1, failures: 1 }, tests }, 139);
    const died = 'The run ended with 139 before its end, after "takes away": it died.';
    assert.deepEqual(problemLines(result), ["takes away", died]);
    assert.deepEqual(problemLines(judgeResult(ONE, 0)), []);
  });

  it("tells there, too, which tests passed only when they were tried again", () => {
    const result = judgeResult({ ...ONE, retried: ["adds: 2 is not 3\n\n+ 2"] }, 0);
    assert.equal(result.failed, 0);
    assert.deepEqual(problemLines(result), ["Tried again: adds: 2 is not 3"]);
  });

  it("has failed when it died, and says after which test", () => {
    const result = { ...ONE, hasEnded: false };
    const { passed, failed, problem } = judgeResult(result, 0);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.match(problem!, /ended with 0 before its end, after "adds"/);
    const atOnce = { ...result, stats: { passes: 0, failures: 0 }, tests: [] };
    assert.match(judgeResult(atOnce, 1).problem!, /ended with 1 before its end, in its first test or before: it died/);
  });

  it("has failed when it ran nothing, or ended badly although all passed", () => {
    const none = { ...ONE, stats: { passes: 0, failures: 0 }, tests: [] };
    assert.equal(judgeResult(none, 0).problem, "No test ran.");
    assert.match(judgeResult(ONE, 7).problem!, /All tests passed, yet the run ended with 7/);
  });
});

// What a stage of `npm test` has to show. Silence is failure: a stage that leaves no result, or ran no test, has failed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloneCache } from "../setUp/paths.mjs";

/**
 * @typedef {object} StageResult
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} [failures]  the tests that failed, by name
 * @property {string[]} [retried]  those that failed and were tried again, each with why
 * @property {string} [problem]  why it failed, besides tests that failed by themselves, or why it was skipped
 *
 * @typedef {object} MochaResult  what a mocha run leaves in the file that GRIFFIN_TEST_RESULT names
 * @property {boolean} hasEnded  whether the run came to its end
 * @property {{ passes: number, failures: number, pending?: number }} stats
 * @property {{ title: string, ok: boolean, err?: string, ms?: number }[]} tests
 * @property {string[]} retried  the tests that failed and were tried again, each with why
 */

/** What the stages leave behind: results, homes of editors, screenshots of failures. Emptied before each run. */
export const testCache = join(cloneCache, "test");

/** @param {string} stage */
export function resultFile(stage) {
  return join(testCache, `${stage}.json`);
}

/**
 * @param {unknown} error
 * @returns {StageResult}
 */
export function failedStage(error) {
  return { passed: 0, failed: 1, skipped: 0, problem: error instanceof Error ? error.message : String(error) };
}

/**
 * A stage that cannot be run here counts as one test that was skipped.
 * @param {string} problem
 * @returns {StageResult}
 */
export function skippedStage(problem) {
  return { passed: 0, failed: 0, skipped: 1, problem };
}

/**
 * Judges a mocha run by what it has left, and by its exit code.
 * @param {string} stage
 * @param {number} exitCode
 * @param {string} [complaints]  what it wrote last to stderr
 * @returns {StageResult}
 */
export function judgeMochaRun(stage, exitCode, complaints = "") {
  const file = resultFile(stage);
  if (!existsSync(file)) {
    return failedStage(`The run ended with ${exitCode} before it had a result: it died.\n${complaints}`.trimEnd());
  }
  return judgeResult(readMochaResult(stage), exitCode);
}

/**
 * @param {MochaResult} result
 * @param {number} exitCode
 * @returns {StageResult}
 */
export function judgeResult({ hasEnded, stats, tests, retried }, exitCode) {
  const failures = tests.filter(({ ok }) => !ok).map(({ title }) => title);
  const result = {
    passed: stats.passes,
    failed: stats.failures,
    skipped: stats.pending ?? 0,
    ...(failures.length > 0 && { failures }),
    ...(retried.length > 0 && { retried }),
  };
  const failed = (/** @type {string} */ problem) => ({ ...result, failed: result.failed + 1, problem });
  if (!hasEnded) {
    const last = tests.at(-1);
    const where = last ? `after "${last.title}"` : "in its first test or before";
    return failed(`The run ended with ${exitCode} before its end, ${where}: it died.`);
  }
  if (result.passed + result.failed === 0) return failed("No test ran.");
  if (exitCode !== 0 && result.failed === 0) return failed(`All tests passed, yet the run ended with ${exitCode}.`);
  return result;
}

/**
 * What went wrong in a stage, a line each, also where it went well the second time. For the end of a long log: often nothing
 * else of it is kept.
 * @param {StageResult} result
 */
export function problemLines({ failures = [], retried = [], problem = "" }) {
  const triedAgain = retried.map((test) => `Tried again: ${test.split("\n", 1)[0]}`);
  return [...triedAgain, ...failures, ...problem.split("\n").filter((line) => line !== "")];
}

/**
 * @param {string} stage
 * @returns {MochaResult}
 */
export function readMochaResult(stage) {
  return JSON.parse(readFileSync(resultFile(stage), "utf8"));
}

// Stages that are plain mocha runs over one folder of bundled tests.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";
import { step } from "../setUp/progress.mjs";
import { runInViewAndListen, TIMED_OUT } from "../setUp/run.mjs";
import { judgeMochaRun, resultFile, testCache } from "./results.mjs";

/** Bundles programs and tests, as they are shipped: in a second, so every stage does it rather than trust an old one. */
export async function buildForTests() {
  const { build } = await import("../../esbuild.mjs");
  await step("building", () => build({ production: true, tests: true }));
}

/**
 * @param {string} stage  also the folder under test/
 * @param {{ mochaArguments: string[], testTimeoutMs: number, stageTimeoutMs: number, env?: NodeJS.ProcessEnv }} options
 */
export async function runMocha(stage, { mochaArguments, testTimeoutMs, stageTimeoutMs, env }) {
  await mkdir(testCache, { recursive: true });
  const args = [
    "--enable-source-maps",
    join(root, "node_modules/mocha/bin/mocha.js"),
    "--reporter",
    join(root, "tools/test/resultReporter.cjs"),
    "--timeout",
    String(testTimeoutMs),
    ...(process.env.CI ? ["--forbid-only"] : []),
    ...mochaArguments,
    join("out/test", stage, "**/*.test.js"),
  ];
  const { code, complaints } = await runInViewAndListen(process.execPath, args, {
    cwd: root,
    // What the command line measures of the machine goes not into the user's own cache folder, which it would take by itself.
    env: { ...env, GRIFFIN_TEST_RESULT: resultFile(stage), XDG_CACHE_HOME: join(testCache, "cache") },
    timeoutMs: stageTimeoutMs,
  });
  const result = judgeMochaRun(stage, code, complaints);
  if (code !== TIMED_OUT) return result;
  return { ...result, problem: `The stage took longer than ${stageTimeoutMs / 60_000} min, and was ended.` };
}

// Entry of the tests that run inside an extension host. VS Code calls `run`.

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import { gatherTests } from "../../tools/test/gatherTests.cjs";

/** Loading the model is part of the first test. */
const TEST_TIMEOUT_MS = 120_000;
/** Windows and focus on a busy machine: a test may fail once, and then it is told. */
const RETRIES = 1;

export function run(): Promise<void> {
  // A failure names the test's own line, not the bundle's.
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({
    ui: "bdd",
    timeout: TEST_TIMEOUT_MS,
    retries: RETRIES,
    forbidOnly: process.env.CI !== undefined,
    ...(process.env.GRIFFIN_TEST_GREP && { grep: process.env.GRIFFIN_TEST_GREP }),
  });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith(".test.js")) mocha.addFile(join(__dirname, file));
  }
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} of the editor's tests failed.`));
    });
    const gathered = gatherTests(runner);
    runner.on("retry", (test, error) => console.warn(`Tried again: ${test.fullTitle()}: ${error.message}`));
    // VS Code reports success when the extension host dies, so only this file says that the tests came to their end.
    runner.on("end", () => {
      const file = process.env.GRIFFIN_TEST_RESULT;
      if (file) writeFileSync(file, JSON.stringify({ hasEnded: true, stats: runner.stats, ...gathered }, undefined, 2));
    });
  });
}

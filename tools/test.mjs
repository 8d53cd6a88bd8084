// npm test [-- STAGE...] [-- MOCHA ARGUMENTS]
//
// Sets up what it needs and runs the stages in order, each after the other whatever failed before. The last line is
// the sum. Without a stage's name all run; what begins with a dash goes to mocha, as in `npm test -- unit --grep KvLog`.
//
// Nothing outside Node is imported before the npm packages are installed.

import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureNpmPackages } from "./setUp/npmPackages.mjs";
import { cloneCache } from "./setUp/paths.mjs";
import { seconds } from "./setUp/progress.mjs";
import { failedStage, problemLines, testCache } from "./test/results.mjs";
import { takeRunLock } from "./test/runLock.mjs";

const words = process.argv.slice(2);
const firstDash = words.findIndex((word) => word.startsWith("-"));
const names = firstDash === -1 ? words : words.slice(0, firstDash);
const mochaArguments = firstDash === -1 ? [] : words.slice(firstDash);
const lockFile = join(cloneCache, "test.lock");

await ensureNpmPackages();
const { STAGES } = await import("./test/stages.mjs");
const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`No stage is called ${unknown.join(", ")}. There are ${STAGES.map((stage) => stage.name).join(", ")}.`);
  process.exit(2);
}
const other = await takeRunLock(lockFile);
if (other) {
  console.error(
    `Another npm test runs in this clone (${other}), with the same results and the same dist/. If none does, remove ${lockFile}.`,
  );
  process.exit(2);
}
process.once("exit", () => rmSync(lockFile, { force: true }));
await rm(testCache, { recursive: true, force: true });

/** @type {{ name: string, result: import("./test/results.mjs").StageResult, ms: number }[]} */
const done = [];
for (const { name, title, run } of STAGES.filter((stage) => names.length === 0 || names.includes(stage.name))) {
  console.log(`\n━━ ${name}: ${title}\n`);
  const startedAt = performance.now();
  const result = await run(mochaArguments).catch(failedStage);
  done.push({ name, result, ms: performance.now() - startedAt });
}

console.log("\n━━ summary\n");
for (const { name, result, ms } of done) {
  const { passed, failed, skipped } = result;
  const counts = `${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed`;
  console.log(
    `  ${failed ? "✗" : "✓"} ${name.padEnd(10)}${counts}${skipped ? ` ${skipped} skipped` : ""}  ${seconds(ms)}`,
  );
  for (const line of problemLines(result)) console.log(`      ${line}`);
}
const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
  done.reduce((total, { result }) => total + result[key], 0);
const skipped = sum("skipped");
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exitCode = sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;

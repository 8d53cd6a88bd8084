// The stages of `npm test`, cheapest first.

import { resolve } from "node:path";
import { CODE_SERVER_RUNS_HERE } from "../setUp/codeServer.mjs";
import { root } from "../setUp/paths.mjs";
import { ensureSoftwareVulkan } from "../setUp/softwareVulkan.mjs";
import { runCheck } from "./checkStage.mjs";
import { runEditorStage } from "./editorStage.mjs";
import { packageForTests, prepareTestEditor } from "./extensionUnderTest.mjs";
import { buildForTests, runMocha } from "./mochaStage.mjs";
import { skippedStage } from "./results.mjs";
import { testEditorEnvironment } from "./testEditor.mjs";

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} title
 * @property {(mochaArguments: string[]) => Promise<import("./results.mjs").StageResult>} run
 */

const MINUTE_MS = 60_000;

/** Biome colors what it writes to a file, too, unless it is told. */
const COLORS = process.stdout.isTTY ? "--colors=force" : "--colors=off";

/** @type {readonly Stage[]} */
export const STAGES = [
  { name: "typecheck", title: "tsc --noEmit", run: () => runCheck(packageFile("typescript/bin/tsc"), ["--noEmit"]) },
  {
    name: "lint",
    title: "biome ci",
    run: () => runCheck(packageFile("@biomejs/biome/bin/biome"), ["ci", "--error-on-warnings", COLORS]),
  },
  {
    name: "unit",
    title: "plain mocha, no model",
    run: async (mochaArguments) => {
      await buildForTests();
      return runMocha("unit", { mochaArguments, testTimeoutMs: MINUTE_MS, stageTimeoutMs: 15 * MINUTE_MS });
    },
  },
  {
    name: "engine",
    title: "plain mocha, tiny random models and the bundled one",
    run: async (mochaArguments) => {
      await buildForTests();
      const device = await ensureSoftwareVulkan();
      return runMocha("engine", {
        mochaArguments,
        testTimeoutMs: MINUTE_MS,
        stageTimeoutMs: 30 * MINUTE_MS,
        env: { GRIFFIN_TEST_VULKAN: JSON.stringify(device) },
      });
    },
  },
  { name: "editor", title: "mocha inside a real extension host", run: runEditorStage },
  {
    name: "browser",
    title: "the real workbench, typed into",
    run: async (mochaArguments) => {
      if (!CODE_SERVER_RUNS_HERE)
        return skippedStage("Skipped: the workbench is code-server's, which does not run here.");
      const env = testEditorEnvironment(await prepareTestEditor(await packageForTests()));
      // Windows and focus on a busy machine: a test may fail once, and then it is told.
      const retrying = ["--retries", "1", ...mochaArguments];
      return runMocha("browser", {
        mochaArguments: retrying,
        testTimeoutMs: 4 * MINUTE_MS,
        stageTimeoutMs: 25 * MINUTE_MS,
        env,
      });
    },
  },
];

/** @param {string} path */
function packageFile(path) {
  return resolve(root, "node_modules", path);
}

// Runs test/editor inside a real extension host: in a desktop VS Code that @vscode/test-electron downloads, where that
// can be had and shown; else in code-server, by a stand-in for the VS Code executable.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  downloadAndUnzipVSCode,
  resolveCliPathFromVSCodeExecutablePath,
  runTests,
  TestRunFailedError,
} from "@vscode/test-electron";
import { CODE_SERVER_RUNS_HERE } from "../setUp/codeServer.mjs";
import { hasDisplay } from "../setUp/desktopEditor.mjs";
import { root, userCache } from "../setUp/paths.mjs";
import { runInView } from "../setUp/run.mjs";
import { copySampleWorkspace } from "../workbench/sampleWorkspace.mjs";
import { packageForTests, prepareTestEditor } from "./extensionUnderTest.mjs";
import { judgeMochaRun, readMochaResult, resultFile, testCache } from "./results.mjs";
import { testEditorEnvironment } from "./testEditor.mjs";

/** @param {string[]} mochaArguments  of which `--grep` is heeded: mocha runs in the editor, not as a program */
export async function runEditorStage(mochaArguments) {
  const { values } = parseArgs({
    args: mochaArguments,
    options: { grep: { type: "string", short: "g" } },
    strict: false,
  });
  const vsix = await packageForTests();
  const home = join(testCache, "editor");
  const userData = `--user-data-dir=${join(home, "data")}`;
  const { executable, extensions, env } = (await desktopEditor(vsix.file, userData)) ?? (await codeServerEditor(vsix));
  const workspace = join(home, "workspace");
  await mkdir(home, { recursive: true });
  await copySampleWorkspace(workspace);
  const exitCode = await runTests({
    vscodeExecutablePath: executable,
    // Something must be under development for tests to be run; the extension itself is installed from its VSIX.
    extensionDevelopmentPath: join(root, "tools/test/devExtension"),
    extensionTestsPath: join(root, "out/test/editor/index.js"),
    extensionTestsEnv: {
      ...env,
      GRIFFIN_TEST_API: "1",
      GRIFFIN_TEST_RESULT: resultFile("editor"),
      ...(typeof values.grep === "string" && { GRIFFIN_TEST_GREP: values.grep }),
    },
    launchArgs: [workspace, userData, `--extensions-dir=${extensions}`],
  }).catch(exitCodeOf);
  printTests();
  return judgeMochaRun("editor", exitCode);
}

/**
 * @typedef {{ executable: string, extensions: string, env: Record<string, string> }} Editor
 */

/**
 * @param {string} vsix
 * @param {string} userData  the argument that keeps it from the user's own settings
 * @returns {Promise<Editor | undefined>}
 */
async function desktopEditor(vsix, userData) {
  if (!hasDisplay()) return undefined;
  const executable = await downloadAndUnzipVSCode({ cachePath: join(userCache, "vscode-test") }).catch((error) => {
    if (!CODE_SERVER_RUNS_HERE) throw error; // there is no other editor to take
  });
  if (!executable) return undefined;
  const extensions = join(testCache, "desktop-extensions");
  const cli = resolveCliPathFromVSCodeExecutablePath(executable);
  const install = [userData, `--extensions-dir=${extensions}`, "--install-extension", vsix, "--force"];
  // In a remote terminal it would pass the call on to the user's own VS Code, and in WSL it would ask whether to go on.
  const env = { VSCODE_IPC_HOOK_CLI: undefined, DONT_PROMPT_WSL_INSTALL: "1" };
  if ((await runInView(cli, install, { env })) !== 0) throw new Error(`VS Code did not install ${vsix}.`);
  return { executable, extensions, env: {} };
}

/**
 * @param {{ file: string, hash: string }} vsix
 * @returns {Promise<Editor>}
 */
async function codeServerEditor(vsix) {
  const editor = await prepareTestEditor(vsix);
  return {
    executable: join(root, "tools/test/codeServerStandIn.mjs"),
    extensions: editor.extensions,
    env: testEditorEnvironment(editor),
  };
}

/**
 * The extension host's console is far from this one, so the tests are listed when all have run.
 */
function printTests() {
  if (!existsSync(resultFile("editor"))) return;
  for (const { title, ok, err, ms } of readMochaResult("editor").tests) {
    console.log(ok ? `    ✔ ${title} (${ms} ms)` : `    ✗ ${title}\n${err}`);
  }
}

/** @param {unknown} error */
function exitCodeOf(error) {
  if (error instanceof TestRunFailedError) return error.code ?? 1;
  throw error;
}

// Runs test/editor inside a real extension host: in a desktop VS Code that @vscode/test-electron downloads, where that
// can be had and shown; else in code-server, by a stand-in for the VS Code executable.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CODE_SERVER_RUNS_HERE } from "../setUp/codeServer.mjs";
import { hasDisplay } from "../setUp/desktopEditor.mjs";
import { root } from "../setUp/paths.mjs";
import { runInView, runQuietly, TIMED_OUT } from "../setUp/run.mjs";
import { copySampleWorkspace } from "../workbench/sampleWorkspace.mjs";
import { downloadVsCode } from "./desktopVsCode.mjs";
import { packageForTests, prepareTestEditor } from "./extensionUnderTest.mjs";
import { judgeMochaRun, readMochaResult, resultFile, testCache } from "./results.mjs";
import { testEditorEnvironment } from "./testEditor.mjs";

/** Beyond the limit of `codeServerStandIn.mjs`. */
const STAGE_TIMEOUT_MS = 20 * 60_000;

const TEST_ARGUMENTS = [
  // As @vscode/test-electron has it: no sandbox, which many Linuxes do not allow, and nothing that asks or updates.
  ...["--no-sandbox", "--disable-gpu-sandbox", "--disable-updates", "--skip-welcome", "--skip-release-notes"],
  ...["--no-cached-data", "--disable-workspace-trust"],
  // Something must be under development for tests to be run; the extension itself is installed from its VSIX.
  `--extensionDevelopmentPath=${join(root, "tools/test/devExtension")}`,
  `--extensionTestsPath=${join(root, "out/test/editor/index.js")}`,
];

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
  const args = [workspace, userData, `--extensions-dir=${extensions}`, ...TEST_ARGUMENTS];
  const exitCode = await runInView(executable, args, {
    env: {
      ...env,
      GRIFFIN_TEST_API: "1",
      GRIFFIN_TEST_RESULT: resultFile("editor"),
      ...(typeof values.grep === "string" && { GRIFFIN_TEST_GREP: values.grep }),
    },
    timeoutMs: STAGE_TIMEOUT_MS,
  });
  printTests();
  const result = judgeMochaRun("editor", exitCode);
  if (exitCode !== TIMED_OUT) return result;
  return { ...result, problem: `The stage took longer than ${STAGE_TIMEOUT_MS / 60_000} min, and was ended.` };
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
  const { GRIFFIN_VSCODE } = process.env;
  if (!hasDisplay()) {
    if (GRIFFIN_VSCODE) throw new Error(`VS Code ${GRIFFIN_VSCODE}, which GRIFFIN_VSCODE names, needs a display.`);
    return undefined;
  }
  try {
    return await installInDesktopEditor(vsix, userData, GRIFFIN_VSCODE);
  } catch (error) {
    if (GRIFFIN_VSCODE || !CODE_SERVER_RUNS_HERE) throw error; // there is no other editor to take
    console.log(`  The tests run in code-server: ${/** @type {Error} */ (error).message}`);
    return undefined;
  }
}

/**
 * @param {string} vsix
 * @param {string} userData
 * @param {string | undefined} version
 * @returns {Promise<Editor>}
 */
async function installInDesktopEditor(vsix, userData, version) {
  const { executable, cli } = await downloadVsCode(version);
  const extensions = join(testCache, "desktop-extensions");
  const install = [userData, `--extensions-dir=${extensions}`, "--install-extension", vsix, "--force"];
  // In a remote terminal it would pass the call on to the user's own VS Code, and in WSL it would ask whether to go on.
  const env = { VSCODE_IPC_HOOK_CLI: undefined, DONT_PROMPT_WSL_INSTALL: "1" };
  // It also fails where VS Code does not start at all, for want of a library.
  await runQuietly(cli, install, { env });
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

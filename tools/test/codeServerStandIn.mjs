#!/usr/bin/env node
// Stands in for the VS Code executable: takes the arguments that @vscode/test-electron passes, and runs the suite in
// code-server's extension host, with a Chromium for the workbench. Ends with the exit code that VS Code reports.
//
// VS Code reports 0 too when the extension host has died, so the caller asks for the suite's result file as well.

import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { format } from "node:util";
import { TIMED_OUT } from "../setUp/run.mjs";
import { startSession } from "../workbench/session.mjs";
import { testEditorFromEnvironment } from "./testEditor.mjs";

const SUITE_TIMEOUT_MS = 15 * 60_000;

const editor = testEditorFromEnvironment();
const home = argument("user-data-dir");
const workspace = process.argv.slice(2).find((word) => !word.startsWith("--"));

const { browser, server, stop } = await startSession({
  ...editor,
  home,
  extensions: argument("extensions-dir"),
  // Without it a built VS Code takes no tests from a page's address.
  vscodeOptions: ["enable-smoke-test-driver"],
});
try {
  process.exitCode = await runSuite(await browser.newPage());
} finally {
  await stop();
}

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
async function runSuite(page) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  /** @type {(code: number) => void} */
  let reportExit = () => {};
  const exit = new Promise((resolve) => {
    reportExit = resolve;
  });
  // The workbench calls these two, if its page has them.
  await page.exposeFunction("codeAutomationExit", reportExit);
  await page.exposeFunction("codeAutomationLog", (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    if (process.env.GRIFFIN_TEST_VERBOSE || type === "log") console.log(format(...args));
  });
  const response = await page.goto(suiteAddress());
  if (!response?.ok()) throw new Error(`The workbench's page answered ${response?.status()}; see ${home}/server.log.`);
  const code = await Promise.race([exit, sleep(SUITE_TIMEOUT_MS, TIMED_OUT, { ref: false }), editorGone(page)]);
  await page.screenshot({ path: join(home, "end.png") });
  if (code === TIMED_OUT) console.log(`The suite did not end in time. See ${home}.`);
  return code;
}

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<never>}
 */
function editorGone(page) {
  return new Promise((_resolve, reject) => {
    server.exited.then(() => reject(new Error(`code-server ended by itself; see ${home}/server.log.`)));
    page.once("crash", () => reject(new Error("The workbench's page crashed.")));
    page.once("close", () => reject(new Error("The browser ended by itself.")));
  });
}

function suiteAddress() {
  const address = new URL(server.url);
  if (workspace) address.searchParams.set("folder", resolve(workspace));
  const payload = [
    ["extensionDevelopmentPath", remote(argument("extensionDevelopmentPath"))],
    ["extensionTestsPath", remote(argument("extensionTestsPath"))],
  ];
  address.searchParams.set("payload", JSON.stringify(payload));
  return address.href;
}

/** @param {string} path */
function remote(path) {
  return `vscode-remote://${server.authority}${resolve(path)}`;
}

/** @param {string} name */
function argument(name) {
  const start = `--${name}=`;
  const found = process.argv.find((word) => word.startsWith(start));
  if (!found) throw new Error(`${start}… is missing.`);
  return found.slice(start.length);
}

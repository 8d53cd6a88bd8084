// npm start [-- FOLDER] [--browser]
//
// From a fresh clone to an editor with Griffin Code in it. The user's own VS Code is taken where there is one;
// else, or with --browser, a private one that is shown in a browser. FOLDER is the sample workspace when absent.
//
// Nothing outside Node is imported before the npm packages are installed.

import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CODE_SERVER_RUNS_HERE, ensureCodeServer, NO_CODE_SERVER } from "./setUp/codeServer.mjs";
import { findDesktopEditor } from "./setUp/desktopEditor.mjs";
import { ensureNpmPackages } from "./setUp/npmPackages.mjs";
import { root } from "./setUp/paths.mjs";
import { step } from "./setUp/progress.mjs";
import { runQuietly } from "./setUp/run.mjs";
import { openInBrowserEditor } from "./start/browserEditor.mjs";

const { values, positionals } = parseArgs({ options: { browser: { type: "boolean" } }, allowPositionals: true });

try {
  await start(folderToOpen(positionals[0]), values.browser ? undefined : findDesktopEditor());
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

/**
 * @param {string} folder
 * @param {string | undefined} desktopEditor
 */
async function start(folder, desktopEditor) {
  if (desktopEditor) {
    await openInDesktopEditor(desktopEditor, (await prepareVsix()).file, folder);
  } else {
    if (!CODE_SERVER_RUNS_HERE) throw new Error(NO_CODE_SERVER);
    const [vsix, codeServer] = await bothOrNone(prepareVsix(), ensureCodeServer());
    await openInBrowserEditor(codeServer, vsix, folder);
  }
}

/**
 * Whatever fails, the other is not left running.
 * @template A, B
 * @param {Promise<A>} a
 * @param {Promise<B>} b
 * @returns {Promise<[A, B]>}
 */
async function bothOrNone(a, b) {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

async function prepareVsix() {
  await ensureNpmPackages();
  const { makeHostVsix } = await import("./vsix/hostVsix.mjs");
  return makeHostVsix();
}

/**
 * @param {string} editor
 * @param {string} vsix
 * @param {string} folder
 */
async function openInDesktopEditor(editor, vsix, folder) {
  await step(`installing it into ${basename(editor)}`, () =>
    runQuietly(editor, ["--install-extension", vsix, "--force"]),
  );
  await runQuietly(editor, [folder]);
  console.log("\nA window has opened: type in a source file there, and the completion shows in gray. Tab takes it.");
  console.log('A window that was open before has the new version after "Developer: Reload Window".');
}

/**
 * @param {string | undefined} argument
 * @returns {string}
 */
function folderToOpen(argument) {
  if (argument === undefined) return join(root, "samples", "workspace");
  // npm runs scripts in the project's folder, and keeps where it was called in INIT_CWD.
  const folder = resolve(process.env.INIT_CWD ?? ".", argument);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  console.error(`${folder} is not a folder.`);
  process.exit(2);
}

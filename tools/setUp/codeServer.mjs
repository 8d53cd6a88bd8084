// A private VS Code for machines that have none: code-server from npm, with the Node that it needs, also from npm.
//
// It is installed without install scripts, because those ask hosts besides the package registry. What they would do
// and is needed is done here: the packages of code-server's inner VS Code, two links, and one compiled module.

import { existsSync } from "node:fs";
import { rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { makeWhole } from "./partialFolder.mjs";
import { userCache } from "./paths.mjs";
import { alreadyDone, step } from "./progress.mjs";
import { npm } from "./run.mjs";

const CODE_SERVER_VERSION = "4.139.1";
const NODE_VERSION = "24.21.0";

/** Nothing here uses these, and they are half of what is installed. */
const UNUSED = [
  "lib/vscode/node_modules/@github",
  "lib/vscode/node_modules/@microsoft/mxc-sdk",
  "lib/vscode/extensions/copilot",
  "lib/vscode/extensions/mermaid-markdown-features",
];

export const CODE_SERVER_RUNS_HERE = process.platform === "linux" || process.platform === "darwin";

export const NO_CODE_SERVER =
  "code-server does not run on Windows. Install VS Code, put `code` on PATH, and start again.";

/**
 * @typedef {object} CodeServer
 * @property {string} node  the Node executable that runs it
 * @property {string} entry  its main file
 */

/**
 * Installs code-server once for each user and version, and says where it is.
 * @returns {Promise<CodeServer>}
 */
export async function ensureCodeServer() {
  const folder = placeOf(join(userCache, `code-server-${CODE_SERVER_VERSION}-node-${NODE_VERSION}`));
  if (existsSync(folder)) {
    alreadyDone(`code-server ${CODE_SERVER_VERSION}`);
    return at(folder);
  }
  return step(`installing code-server ${CODE_SERVER_VERSION} from npm, once (under a minute)`, async () => {
    await makeWhole(folder, install);
    return at(folder);
  });
}

/**
 * Machines of several kinds may share a user's cache folder; the first has the plain name.
 * @param {string} folder
 */
function placeOf(folder) {
  const isOfAnotherKind = existsSync(folder) && !existsSync(at(folder).node);
  return isOfAnotherKind ? `${folder}-${process.platform}-${process.arch}` : folder;
}

/**
 * @param {string} folder
 * @returns {CodeServer}
 */
function at(folder) {
  return {
    node: join(folder, "node_modules", nodePackage(), "bin", "node"),
    entry: join(folder, "node_modules", "code-server", "out", "node", "entry.js"),
  };
}

/** @param {string} folder */
async function install(folder) {
  await writeFile(join(folder, "package.json"), '{ "name": "griffin-code-editor", "private": true }\n');
  // --force: npm may run on another Node than code-server asks for; it is never started on that one.
  await npm(
    [
      "install",
      ...QUIET,
      "--no-package-lock",
      "--force",
      `${nodePackage()}@${NODE_VERSION}`,
      `code-server@${CODE_SERVER_VERSION}`,
    ],
    { cwd: folder },
  );
  const codeServer = join(folder, "node_modules", "code-server");
  const vscode = join(codeServer, "lib", "vscode");
  // What code-server was released with, as its npm-shrinkwrap.json says, which names no peers that nobody needs.
  const locked = ["ci", ...QUIET, "--omit=dev", "--legacy-peer-deps"];
  await npm(locked, { cwd: vscode });
  await npm(locked, { cwd: join(vscode, "extensions") });
  await linkHelpers(vscode);
  await compileLogger(folder, vscode);
  await Promise.all(UNUSED.map((path) => rm(join(codeServer, path), { recursive: true, force: true })));
}

const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * The two links that code-server's own install script makes: its terminal's `code-server` and `$BROWSER`.
 * @param {string} vscode
 */
async function linkHelpers(vscode) {
  const suffix = process.platform === "darwin" ? "darwin" : "linux";
  await replaceLink(`code-${suffix}.sh`, join(vscode, "bin", "remote-cli", "code-server"));
  await replaceLink(`browser-${suffix}.sh`, join(vscode, "bin", "helpers", "browser.sh"));
}

/**
 * @param {string} target
 * @param {string} path
 */
async function replaceLink(target, path) {
  await rm(path, { force: true });
  await symlink(target, path);
}

/**
 * Compiles the module that writes log files. Without a C++ compiler the editor works, but output channels stay empty.
 * Headers come from the Node package itself, so node-gyp downloads nothing.
 * @param {string} folder
 * @param {string} vscode
 */
async function compileLogger(folder, vscode) {
  const nodeFolder = join(folder, "node_modules", nodePackage());
  const env = {
    npm_config_nodedir: nodeFolder,
    npm_config_ignore_scripts: "false",
    PATH: join(nodeFolder, "bin") + delimiter + process.env.PATH,
  };
  try {
    await npm(["rebuild", "@vscode/spdlog", "@vscode/native-watchdog"], { cwd: vscode, env });
  } catch {
    console.log("    (no C++ compiler: this editor will keep no log files)");
  }
}

function nodePackage() {
  if (CODE_SERVER_RUNS_HERE) return `node-${process.platform}-${process.arch}`;
  throw new Error(NO_CODE_SERVER);
}

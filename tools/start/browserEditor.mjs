// The private editor of `npm start`: its settings and extensions stay in this clone's cache.

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cloneCache } from "../setUp/paths.mjs";
import { step } from "../setUp/progress.mjs";
import { installOnce } from "../workbench/installOnce.mjs";
import { freePort, startServer } from "../workbench/server.mjs";

const home = join(cloneCache, "editor");
const extensions = join(home, "extensions");
const portFile = join(home, "port");

/** @typedef {import("../setUp/codeServer.mjs").CodeServer} CodeServer */

/**
 * Serves the editor until the user ends it.
 * @param {CodeServer} codeServer
 * @param {{ file: string, hash: string }} vsix
 * @param {string} folder
 */
export async function openInBrowserEditor(codeServer, vsix, folder) {
  await installOnce(vsix, { codeServer, home, extensions });
  const lastPort = await readPort();
  if (lastPort && (await isServing(lastPort))) {
    console.log(`\nThe editor is already running: reload ${url(lastPort, folder)} to get what has changed.`);
    return;
  }
  // The same port each time if it can be, so that an open browser tab finds the editor again.
  const port = await freePort(lastPort);
  const server = await step("starting the editor", () => startServer({ codeServer, home, extensions, port }));
  await writeFile(portFile, String(port));
  console.log(`\nOpen ${url(port, folder)} in a browser and type in a source file. Ctrl+C here ends the editor.`);
  await Promise.race([signalled(), parentGone(), server.exited.then(failWhenUnasked)]);
  await server.stop();
  process.exit(); // the watch for the parent would go on
}

/** @returns {Promise<number | undefined>} */
async function readPort() {
  return existsSync(portFile) ? Number(await readFile(portFile, "utf8")) : undefined;
}

/**
 * @param {number} port
 * @param {string} folder
 */
function url(port, folder) {
  return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder).replaceAll("%2F", "/")}`;
}

/** @param {number} port */
async function isServing(port) {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
  return response?.ok ?? false;
}

function signalled() {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  });
}

/** npm passes a SIGTERM to nobody: what it has started finds itself with another parent. */
function parentGone() {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid !== parent) resolve(clearInterval(timer));
    }, 1000);
  });
}

function failWhenUnasked() {
  throw new Error(`The editor ended by itself. Its log: ${join(home, "server.log")}`);
}

// The private editor of `npm start`: its settings and extensions stay in this clone's cache.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onEndingSignal } from "../setUp/endingSignals.mjs";
import { cloneCache } from "../setUp/paths.mjs";
import { step } from "../setUp/progress.mjs";
import { installOnce } from "../workbench/installOnce.mjs";
import { freePort, startServer } from "../workbench/server.mjs";

const home = join(cloneCache, "editor");
const extensions = join(home, "extensions");
/** Says where the last editor was served, and by which process. */
const lastFile = join(home, "last.json");

/** @typedef {import("../setUp/codeServer.mjs").CodeServer} CodeServer */

/**
 * Serves the editor until the user ends it.
 * @param {CodeServer} codeServer
 * @param {{ file: string, hash: string }} vsix
 * @param {string} folder
 */
export async function openInBrowserEditor(codeServer, vsix, folder) {
  await installOnce(vsix, { codeServer, home, extensions });
  const last = await readLast();
  if (last && (await isServing(last.port))) {
    console.log(`\nThe editor is already running: reload ${url(last.port, folder)} to get what has changed.`);
    console.log(`Ctrl+C ends it where it was started, or else \`kill ${last.pid}\`.`);
    return;
  }
  // The same port each time if it can be, so that an open browser tab finds the editor again.
  const port = await freePort(last?.port);
  const asked = Promise.race([signalled(), parentGone()]);
  const options = { codeServer, home, extensions, port, exitsOnSignals: false };
  const server = await Promise.race([step("starting the editor", () => startServer(options)), asked]);
  if (server) {
    await writeFile(lastFile, JSON.stringify({ port, pid: server.pid }));
    console.log(`\nOpen ${url(port, folder)} in a browser and type in a source file. Ctrl+C here ends the editor.`);
    await Promise.race([asked, server.exited.then(failWhenUnasked)]);
    await server.stop();
  }
  process.exit(); // also ends a server that is being started, and the watch for the parent
}

/** @returns {Promise<{ port: number, pid: number } | undefined>} */
async function readLast() {
  // One that was cut short is as good as none.
  return readFile(lastFile, "utf8")
    .then((text) => JSON.parse(text))
    .catch(() => undefined);
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

/** @returns {Promise<undefined>} */
function signalled() {
  return new Promise((resolve) => void onEndingSignal(() => resolve(undefined)));
}

/**
 * npm passes a SIGTERM to nobody: what it has started finds itself with another parent.
 * @returns {Promise<undefined>}
 */
function parentGone() {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid !== parent) resolve(void clearInterval(timer));
    }, 1000);
  });
}

function failWhenUnasked() {
  throw new Error(`The editor ended by itself. Its log: ${join(home, "server.log")}`);
}

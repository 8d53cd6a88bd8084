// Runs code-server on the loopback address, as a process group that is ended as one.

import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onEndingSignal } from "../setUp/endingSignals.mjs";
import { runQuietly } from "../setUp/run.mjs";
import { PATIENCE_MS } from "./expectSoon.mjs";
import { QUIET_SETTINGS } from "./settings.mjs";

/**
 * @typedef {object} ServerOptions
 * @property {import("../setUp/codeServer.mjs").CodeServer} codeServer
 * @property {string} home  folder for the editor's data and log
 * @property {string} extensions  folder of installed extensions
 * @property {Record<string, unknown>} [settings]  user settings besides the quiet ones
 * @property {NodeJS.ProcessEnv} [env]  reaches the extension host
 * @property {number} [port]  a free one when absent
 * @property {boolean} [workspaceTrust]  ask whether a folder is trusted; else every folder is
 * @property {string[]} [vscodeOptions]  flags for the inner VS Code server
 * @property {boolean} [exitsOnSignals]  whether a signal ends this process and the server at once, as is usual; else the caller heeds it
 *
 * @typedef {object} Server
 * @property {string} url
 * @property {string} authority  host and port, as in vscode-remote URIs
 * @property {number | undefined} pid
 * @property {Promise<void>} exited
 * @property {() => Promise<void>} stop
 */

/** Given by name, so that the user's own configuration of code-server is neither read nor written. */
const CONFIG = "cert: false\n";

const STOP_TIMEOUT_MS = 5_000;

/**
 * Starts a server and waits until it answers.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { node, entry } = options.codeServer;
  const port = options.port ?? (await freePort());
  await writeSettings(options);
  const logFile = join(options.home, "server.log");
  const log = openSync(logFile, "w");
  // Detached: it leads a group of its own, with the extension hosts and what they start.
  const child = spawn(node, [entry, ...serverArguments(options, port)], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...privateEnvironment(options.home), ...options.env },
  });
  const exited = new Promise((resolve) => child.once("exit", () => resolve(undefined)));
  const killGroup = (/** @type {NodeJS.Signals} */ signal) => signalGroup(child.pid, signal);
  const killNow = () => killGroup("SIGKILL");
  process.once("exit", killNow);
  // By themselves, signals end a process without its exit's listeners.
  const letGo = (options.exitsOnSignals ?? true) ? onEndingSignal((code) => process.exit(code)) : () => {};
  const stop = async () => {
    killGroup("SIGTERM");
    await Promise.race([exited, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    killNow(); // also what outlived the leader
    await exited;
    process.off("exit", killNow);
    letGo();
  };
  const authority = `127.0.0.1:${port}`;
  if (!(await answers(`http://${authority}/healthz`, () => child.exitCode === null))) {
    await stop();
    throw new Error(`code-server did not start. Its log:\n${readFileSync(logFile, "utf8")}`);
  }
  return { url: `http://${authority}/`, authority, pid: child.pid, exited, stop };
}

/**
 * @param {string} vsix
 * @param {Pick<ServerOptions, "codeServer" | "home" | "extensions">} where
 */
export async function installExtension(vsix, { codeServer: { node, entry }, home, extensions }) {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "config.yaml"), CONFIG);
  const args = [entry, ...folderArguments({ home, extensions }), "--install-extension", vsix, "--force"];
  await runQuietly(node, args, { env: privateEnvironment(home) });
}

/**
 * A port that nobody listens on: the wished one if it is free.
 * @param {number} [wished]
 * @returns {Promise<number>}
 */
export function freePort(wished = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (wished === 0 ? reject(error) : resolve(freePort())));
    server.listen(wished, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {ServerOptions} options */
async function writeSettings({ home, settings }) {
  await mkdir(join(home, "data", "User"), { recursive: true });
  await writeFile(join(home, "config.yaml"), CONFIG);
  const file = join(home, "data", "User", "settings.json");
  // What a user has set in a private editor since stays.
  if (!existsSync(file)) await writeFile(file, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, undefined, 2));
  // Settings of the scope "machine" are read from the server's side only.
  await mkdir(join(home, "data", "Machine"), { recursive: true });
  await writeFile(join(home, "data", "Machine", "settings.json"), JSON.stringify(settings ?? {}));
}

/**
 * @param {ServerOptions} options
 * @param {number} port
 */
function serverArguments({ home, extensions, workspaceTrust = false, vscodeOptions = [] }, port) {
  return [
    ...folderArguments({ home, extensions }),
    "--bind-addr",
    `127.0.0.1:${port}`,
    "--auth",
    "none",
    "--disable-telemetry",
    "--disable-update-check",
    "--disable-getting-started-override",
    "--disable-proxy",
    ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
    ...vscodeOptions.flatMap((option) => ["--vscode-option", option]),
  ];
}

/** @param {Pick<ServerOptions, "home" | "extensions">} where */
function folderArguments({ home, extensions }) {
  return ["--config", join(home, "config.yaml"), "--user-data-dir", join(home, "data"), "--extensions-dir", extensions];
}

/**
 * Keeps the user's own code-server out of it, and the extension gallery unasked.
 * @param {string} home
 */
function privateEnvironment(home) {
  return {
    XDG_CONFIG_HOME: join(home, "xdg"),
    XDG_DATA_HOME: join(home, "xdg"),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
}

/**
 * @param {string} url
 * @param {() => boolean} isAlive
 */
async function answers(url, isAlive) {
  const deadline = performance.now() + PATIENCE_MS;
  while (isAlive() && performance.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return true;
    await sleep(50);
  }
  return false;
}

/**
 * @param {number | undefined} leader
 * @param {NodeJS.Signals} signal
 */
function signalGroup(leader, signal) {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // The group is gone.
  }
}

// A server and a browser for a workbench, which end together.

import { launchBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { openWorkbench } from "./workbench.mjs";

/**
 * @typedef {import("./server.mjs").ServerOptions & { chromium: string }} SessionOptions
 *
 * @typedef {object} Session
 * @property {import("./server.mjs").Server} server
 * @property {import("playwright-core").Browser} browser
 * @property {() => Promise<void>} stop
 */

/**
 * @param {SessionOptions} options
 * @returns {Promise<Session>}
 */
export async function startSession(options) {
  const server = await startServer(options);
  try {
    const browser = await launchBrowser(options.chromium);
    const stop = () => browser.close().finally(server.stop);
    return { server, browser, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * @template T
 * @param {SessionOptions & { window: import("./workbench.mjs").WindowOptions }} options
 * @param {(workbench: import("./workbench.mjs").Workbench) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withWorkbench({ window, ...options }, use) {
  const { browser, server, stop } = await startSession(options);
  try {
    return await use(await openWorkbench(browser, server, window));
  } finally {
    await stop();
  }
}

// What can be seen of the engine from outside: its memory, and what it wrote to the extension's log.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { engineProcesses } from "../workbench/engineProcesses.mjs";

/**
 * Memory of the engine that was started from this folder of extensions.
 * @param {string} extensions
 */
export function residentMegabytes(extensions) {
  const [engine] = engineProcesses(extensions);
  if (engine === undefined) throw new Error("No engine is running.");
  return Math.round((engine.residentKilobytes * 1024) / 1e6);
}

/**
 * How long the engine said that it took to be ready.
 * @param {string} home  of the server
 */
export function loadSeconds(home) {
  const logs = join(home, "data", "logs");
  const files = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".log"));
  for (const file of files) {
    const found = /Model \S+ ready after (\d+) ms/.exec(readFileSync(join(logs, file), "utf8"));
    if (found) return Number(found[1]) / 1000;
  }
  throw new Error(`No log in ${logs} says how long the model took to load.`);
}

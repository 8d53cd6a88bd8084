// What can be seen of the engine from outside: its memory, and what it wrote to the extension's log.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Memory of the engine that was started from this folder of extensions.
 * @param {string} extensions
 */
export function residentMegabytes(extensions) {
  const lines = execFileSync("ps", ["-eo", "rss=,args="], { encoding: "utf8" }).split("\n");
  const line = lines.find((text) => text.includes(extensions) && text.includes("dist/engine.js"));
  if (line === undefined) throw new Error("No engine is running.");
  return Math.round((Number.parseInt(line, 10) * 1024) / 1e6);
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

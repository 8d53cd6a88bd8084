// The engines that run, as the operating system knows them.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** @typedef {{ pid: number, residentKilobytes: number, command: string }} Process */

/**
 * The engines that were started from this folder of extensions.
 * @param {string} extensions
 * @returns {Process[]}
 */
export function engineProcesses(extensions) {
  const all = process.platform === "linux" ? fromProc() : fromPs();
  return all.filter(({ command }) => command.includes(extensions) && command.includes("dist/engine.js"));
}

/** A small Linux has no ps. */
function fromProc() {
  const pids = readdirSync("/proc").map(Number).filter(Boolean);
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      const resident = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
      return [{ pid, residentKilobytes: Number(resident?.[1]), command }];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}

function fromPs() {
  const lines = execFileSync("ps", ["-eo", "pid=,rss=,args="], { encoding: "utf8" }).trimEnd().split("\n");
  return lines.map((line) => {
    const [pid, rss, ...words] = line.trim().split(/\s+/);
    return { pid: Number(pid), residentKilobytes: Number(rss), command: words.join(" ") };
  });
}

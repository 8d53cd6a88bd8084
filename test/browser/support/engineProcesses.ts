import { execFileSync } from "node:child_process";

/** Process ids of the engines that were started from this folder of extensions. */
export function enginePids(extensions: string): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines
    .filter((line) => line.includes(extensions) && line.includes("dist/engine.js"))
    .map((line) => Number.parseInt(line, 10));
}

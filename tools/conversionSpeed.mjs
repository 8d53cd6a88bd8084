// node tools/conversionSpeed.mjs CHECKPOINT [--weights int8,int4] [--runs 3]
//
// How long `griffin convert` takes, and how much memory, beside a plain copy of the same checkpoint on the same disk:
// both until every byte is on the disk. Each is measured with the checkpoint in the system's memory and, where `dd`
// can tell the system to forget it, without. Wants `npm run build` first, and room for two checkpoints.

import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./setUp/paths.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { weights: { type: "string", default: "int8,int4" }, runs: { type: "string", default: "3" } },
});
if (positionals[0] === undefined) throw new Error("Say which checkpoint: tools/randomCheckpoint.mjs writes one.");
const checkpoint = resolve(positionals[0]);
const out = join(dirname(checkpoint), ".conversion-speed");
const files = readdirSync(checkpoint).map((name) => join(checkpoint, name));
const gigabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e9;
const forms = values.weights.split(",");

console.log(`${gigabytes.toFixed(2)} GB in ${checkpoint}\n`);
for (const state of ["in memory", "on the disk"]) {
  /** @type {Map<string, { seconds: number[], megabytes: number[] }>} */
  const rows = new Map(["copy", ...forms].map((name) => [name, { seconds: [], megabytes: [] }]));
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [name, row] of rows) {
      rmSync(out, { recursive: true, force: true });
      execFileSync("sync");
      if (state === "in memory") readAll();
      else forgetAll();
      const began = performance.now();
      if (name === "copy") copy();
      else row.megabytes.push(convert(name));
      row.seconds.push((performance.now() - began) / 1000);
    }
  }
  print(state, rows);
}
rmSync(out, { recursive: true, force: true });

/** Its memory is not measured. */
function copy() {
  execFileSync("cp", ["-r", checkpoint, out]);
  execFileSync(
    "sync",
    readdirSync(out).map((name) => join(out, name)),
  );
}

/**
 * @param {string} weights
 * @returns {number} peak resident megabytes
 */
function convert(weights) {
  const args = [join(root, "dist/cli.js"), "convert", checkpoint, out, "--weights", weights, "--json"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })).peakMemoryBytes / 1e6;
}

function readAll() {
  for (const file of files) execFileSync("dd", [`if=${file}`, "of=/dev/null", "bs=8M", "status=none"]);
}

function forgetAll() {
  for (const file of files)
    execFileSync("dd", [`if=${file}`, "of=/dev/null", "iflag=nocache", "count=0", "status=none"]);
}

/**
 * @param {string} state
 * @param {Map<string, { seconds: number[], megabytes: number[] }>} rows
 */
function print(state, rows) {
  const ofCopy = median(rows.get("copy")?.seconds ?? []);
  console.log(`checkpoint ${state}      seconds (median, all)              of the copy   peak MB`);
  for (const [name, { seconds, megabytes }] of rows) {
    const all = seconds.map((value) => value.toFixed(1)).join(" ");
    const ratio = (median(seconds) / ofCopy).toFixed(2);
    const peak = megabytes.length === 0 ? "" : Math.max(...megabytes).toFixed(0);
    console.log(
      `${name.padEnd(24)} ${median(seconds).toFixed(1).padStart(6)}   ${all.padEnd(24)} ${ratio.padStart(8)}   ${peak.padStart(8)}`,
    );
  }
  console.log();
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

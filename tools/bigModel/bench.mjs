// The model's speed without an editor around it.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../setUp/paths.mjs";

/** @param {string} model */
export function measureBench(model) {
  const args = [join(root, "dist", "cli.js"), "bench", "--quick", "--model", model, "--json"];
  const bench = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  const [at] = bench.byPosition;
  return {
    "prefill tok/s": oneDigit(at.prefillTokensPerSecond),
    "decode tok/s": oneDigit(1000 / at.decodeMs),
    "tokens of a run": bench.ownChunk,
    machine: bench.machine,
  };
}

/** @param {number} value */
function oneDigit(value) {
  return Math.round(10 * value) / 10;
}

import { root } from "../setUp/paths.mjs";
import { runInView } from "../setUp/run.mjs";

/**
 * A stage of one check: a program of an npm package that ends with 0 when all is well.
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<import("./results.mjs").StageResult>}
 */
export async function runCheck(script, args) {
  const code = await runInView(process.execPath, [script, ...args], { cwd: root });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

// What a commit did to a file, as blocks of lines, found by git.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @typedef {object} Hunk
 * @property {number} line  first line in the new text, from 0; everything above is as in the new text by then
 * @property {string[]} removed
 * @property {string[]} added
 */

/**
 * @param {string} before
 * @param {string} after
 * @returns {Hunk[]} from top to bottom
 */
export function hunksBetween(before, after) {
  const folder = mkdtempSync(join(tmpdir(), "griffin-hunks-"));
  try {
    const [old, changed] = [join(folder, "before"), join(folder, "after")];
    writeFileSync(old, before);
    writeFileSync(changed, after);
    const args = ["diff", "--no-index", "--no-color", "--no-ext-diff", "-U0", "--", old, changed];
    const { stdout, status } = spawnSync("git", args, { encoding: "utf8", maxBuffer: 1e8 });
    if (status !== 0 && status !== 1) throw new Error("git could not compare the two texts.");
    return parse(stdout, before.split("\n"), after.split("\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} diff
 * @param {string[]} before
 * @param {string[]} after
 */
function parse(diff, before, after) {
  return [...diff.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map((match) => {
    const number = (/** @type {number} */ group) => Number(match[group] ?? 1);
    const oldStart = number(1);
    const oldCount = number(2);
    const newStart = number(3);
    const newCount = number(4);
    // With no lines on a side, git names the line above.
    const line = newCount === 0 ? newStart : newStart - 1;
    const oldLine = oldCount === 0 ? oldStart : oldStart - 1;
    return {
      line,
      removed: before.slice(oldLine, oldLine + oldCount),
      added: after.slice(line, line + newCount),
    };
  });
}

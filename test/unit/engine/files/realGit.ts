// A git that knows nothing of this machine's settings, for comparisons.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

const SETTINGS = {
  GIT_CONFIG_GLOBAL: process.platform === "win32" ? "NUL" : "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

export function git(
  folder: string,
  args: readonly string[],
  options: { input?: Buffer | string; env?: Record<string, string>; mayFail?: boolean } = {},
): Buffer {
  const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const env = { ...outside, XDG_CONFIG_HOME: folder, ...SETTINGS, ...options.env };
  const result = spawnSync("git", ["-C", folder, ...args], { input: options.input, env, maxBuffer: 2 ** 28 });
  if (!options.mayFail) assert.equal(result.status, 0, `git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

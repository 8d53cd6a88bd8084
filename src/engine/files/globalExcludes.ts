// The user's own ignore file for all repositories (core.excludesFile), of which only git knows where it is.

import { join, resolve } from "node:path";
import { defaultExcludes } from "./defaultExcludes";
import { gitSetting } from "./gitSetting";

/** Git fails, or names no path, whenever it is asked: most probably a file with its settings is broken. Nobody can say what it would ignore. */
export class UnreadableSettings extends Error {
  constructor(folder: string) {
    // Without a pager: the folder's own settings may name any program as one.
    super(`git cannot read its settings. Run \`git --no-pager config --list\` in ${folder} to see why`);
  }
}

/**
 * Where git is missing or was told nothing: the place where it looks by itself. "" where there is no such file. Undefined when git
 * gives no answer just now: what it would ignore is not known then.
 * @param top the work tree's top folder; absent: `root` is in none, whatever git would find there, as a link to a repository
 * that is not on this machine
 * @throws UnreadableSettings
 */
export async function findGlobalExcludes(root: string, top: string | undefined): Promise<string | undefined> {
  const place = top === undefined ? [`--git-dir=${NO_REPOSITORY}`] : [];
  const { end, value: path } = await gitSetting(top ?? root, "--path", "core.excludesFile", place);
  if (end === "no" || end === "absent") return defaultExcludes();
  if (end === "failed" || end === "stopped") throw new UnreadableSettings(top ?? root);
  if (end !== "done") return undefined;
  return path === "" ? "" : resolve(top ?? root, path);
}

/** Below a file there is nothing. */
const NO_REPOSITORY = join(process.execPath, "none");

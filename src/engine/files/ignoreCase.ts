// Whether a repository's ignore files mean names in whatever case. Git notes that as it makes the repository, by the disk where
// that was: one that was made on Windows or a Mac says so in a container, too.

import { join } from "node:path";
import { commonFolder } from "./gitFolder";
import { gitSetting } from "./gitSetting";
import { ignoresCase } from "./ignorePatterns";
import { safeRead } from "./safeRead";

/**
 * As git decides it; where nothing is noted, as is usual on this system. Undefined when git gives no answer just now.
 * @param top the work tree's top folder; absent: there is none
 * @param mayRunGit if not, only what stands in the repository itself counts
 */
export async function findIgnoreCase(top: string | undefined, mayRunGit: boolean): Promise<boolean | undefined> {
  if (top !== undefined && mayRunGit) {
    const { end, value } = await gitSetting(top, "--bool", "core.ignoreCase");
    if (end === "done") return value === "true";
    if (end === "interrupted") return undefined;
  }
  // Git does not look into a repository that belongs to another user.
  const noted = top === undefined ? undefined : await notedIn(top);
  return noted ?? ignoresCase();
}

const MAX_BYTES = 1024 * 1024;
const SECTION = /^\s*\[([^\]]*)\]/;
const SETTING = /^\s*(?:\[core\]\s*)?ignorecase\s*(?:$|[#;]|=\s*"?(\w*))/i;

async function notedIn(top: string): Promise<boolean | undefined> {
  const common = await commonFolder(top);
  const read = "path" in common ? await safeRead(join(common.path, "config"), MAX_BYTES) : common;
  if ("refused" in read) return undefined;
  let isCore = false;
  let noted: boolean | undefined;
  for (const line of read.bytes.toString("utf8").split(/\r?\n/)) {
    const section = SECTION.exec(line);
    if (section) isCore = section[1]!.toLowerCase() === "core";
    const setting = isCore ? SETTING.exec(line) : null;
    // A name alone says yes.
    if (setting) noted = /^(?:true|yes|on|1)$/i.test(setting[1] ?? "yes");
  }
  return noted;
}

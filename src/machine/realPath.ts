// Where a path leads, through links, as a path to open. On Windows the system's own answer fails on disks in memory and on some
// that programs provide, and names a network drive by its server, which Node may refuse to open: there Node follows the links
// itself. That leaves letters' case as it is asked for.

import { realpath as followLinks } from "node:fs";
import { realpath } from "node:fs/promises";
import { promisify } from "node:util";

export async function realPath(path: string): Promise<string> {
  return process.platform === "win32" ? promisify(followLinks)(path) : realpath(path);
}

// Where the command line remembers what is fastest on this machine: the user's folder for things that can be lost.

import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

export function tuningFolder(): string {
  return join(cacheFolder(), "griffin-code", "engine");
}

function cacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32") return process.env.LOCALAPPDATA ?? tmpdir();
  return join(homedir(), ".cache");
}

// How the command line loads a model: as it is fastest on this machine, which is measured once and remembered in the
// user's folder for things that can be lost.

import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadOptions } from "../engine/tuning/loadTuned";

/** @param threads the user's choice; 0: what is fastest */
export function tunedLoad(threads: number): LoadOptions {
  return { threads, tuningFolder: join(cacheFolder(), "griffin-code", "engine"), measureNow: true };
}

function cacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32") return process.env.LOCALAPPDATA ?? tmpdir();
  return join(homedir(), ".cache");
}

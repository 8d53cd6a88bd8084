// How the command line loads a model: as it is fastest on this machine, which is measured once and remembered in the
// user's folder for things that can be lost. A user without a home, as in some containers, has no such folder.

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadOptions } from "../engine/tuning/loadTuned";
import { homeFolder } from "../machine/homeFolder";

/** @param threads the user's choice; 0: what is fastest */
export function tunedLoad(threads: number): LoadOptions {
  const folder = cacheFolder();
  if (folder === undefined) return { threads };
  return { threads, tuningFolder: join(folder, "griffin-code", "engine"), measureNow: true };
}

function cacheFolder(): string | undefined {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "win32") return process.env.LOCALAPPDATA ?? tmpdir();
  const home = homeFolder();
  if (home === undefined) return undefined;
  return process.platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}

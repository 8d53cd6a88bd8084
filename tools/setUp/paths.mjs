// Where things are: this clone, what it has built, and what clones share.

import { existsSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's top folder. Searched upwards, because the tests bundle this file into out/. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Derived files of this clone: stamps, VSIXes, the private editor's settings. Safe to delete. */
export const cloneCache = join(root, ".cache");

/** Downloads that all clones share, so that a second clone starts in seconds. Safe to delete. */
export const userCache = process.env.GRIFFIN_CACHE ?? join(platformCache(), "griffin-code");

/** @param {string} folder */
function findRoot(folder) {
  if (existsSync(join(folder, "package-lock.json")) && existsSync(join(folder, "esbuild.mjs"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("This file is not inside a clone of Griffin Code.");
  return findRoot(parent);
}

function platformCache() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32") return process.env.LOCALAPPDATA ?? tmpdir();
  return join(homedir(), ".cache");
}

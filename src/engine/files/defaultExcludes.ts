// Where git looks for a user's ignore file for all repositories if it was not told of one. Git for Windows has its own order of
// folders, in which the system's idea of a user's folder comes last.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { homeFolder } from "../../machine/homeFolder";

/** "" for a user who has no such place. */
export async function defaultExcludes(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, "git", "ignore");
  if (process.platform === "win32" && env.APPDATA) {
    const path = join(env.APPDATA, "Git", "ignore");
    if ((await kindOf(path)) !== undefined) return path;
  }
  const home = await gitHome(env);
  return home ? join(home, ".config", "git", "ignore") : "";
}

async function gitHome({ HOME, HOMEDRIVE, HOMEPATH, SystemRoot }: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (HOME) return HOME;
  if (process.platform !== "win32" || !HOMEDRIVE || !HOMEPATH) return homeFolder();
  // It may be on the network, and not connected.
  const own = HOMEDRIVE + HOMEPATH;
  const isSystems = SystemRoot !== undefined && own.toLowerCase() === join(SystemRoot, "System32").toLowerCase();
  return !isSystems && (await kindOf(own)) === "folder" ? own : homeFolder();
}

async function kindOf(path: string): Promise<"folder" | "file" | undefined> {
  return stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => undefined,
  );
}

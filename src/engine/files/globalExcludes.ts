// The user's own ignore file for all repositories (core.excludesFile), of which only git knows where it is.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { runGit } from "./gitCommand";

const TIMEOUT_MS = 3000;

/** Where git is missing or was told nothing: the place where it looks by itself. */
export async function findGlobalExcludes(root: string): Promise<string> {
  let output = "";
  const read = (chunk: string) => {
    output += chunk;
    return true;
  };
  const end = await runGit(root, ["config", "-z", "--type=path", "--get", "core.excludesFile"], read, {
    timeoutMs: TIMEOUT_MS,
  });
  const path = output.split("\0", 1)[0]!;
  return end === "done" && path !== "" ? resolve(root, path) : defaultPlace(process.env);
}

function defaultPlace(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "git", "ignore");
}

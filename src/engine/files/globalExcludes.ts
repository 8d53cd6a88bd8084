// The user's own ignore file for all repositories (core.excludesFile), of which only git knows where it is.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { runGit } from "./gitCommand";

/** A machine that has just woken up may take long. */
const TIMEOUT_MS = 10_000;

/**
 * Where git is missing or was told nothing: the place where it looks by itself. Undefined when git gives no answer: what it
 * would ignore is not known then.
 */
export async function findGlobalExcludes(root: string): Promise<string | undefined> {
  let output = "";
  const read = (chunk: string) => {
    output += chunk;
    return true;
  };
  const end = await runGit(root, ["config", "-z", "--path", "--get", "core.excludesFile"], read, {
    timeoutMs: TIMEOUT_MS,
  });
  if (end === "no" || end === "absent") return defaultPlace(process.env);
  if (end !== "done") return undefined;
  const path = output.split("\0", 1)[0]!;
  return path === "" ? defaultPlace(process.env) : resolve(root, path);
}

function defaultPlace(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "git", "ignore");
}

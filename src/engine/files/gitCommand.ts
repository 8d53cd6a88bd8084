// Runs git over a repository that may be hostile: its own settings must not make it run a program, ask a question or
// use the network. Its output is streamed; whoever has seen enough stops it.

import { type ChildProcess, spawn } from "node:child_process";
import { dirname } from "node:path";
import { yieldToOthers } from "../../machine/processes";
import { words } from "../../text/words";
import { findGit } from "./gitProgram";

/**
 * No path that git tells is longer, in UTF-16 units. A repository and its settings may name anything, and must not fill the memory of
 * whoever collects it.
 */
export const MOST_OF_A_PATH = 100_000;

/** Settings that win over the repository's. */
const HARMLESS = words(`
  core.fsmonitor=false core.hooksPath=/dev/null core.sshCommand=false core.askPass= core.pager=cat
  credential.helper= diff.external= log.showSignature=false log.follow=false protocol.allow=never
  safe.bareRepository=explicit
`).flatMap((setting) => ["-c", setting]);

/**
 * "done": git came to its end by itself and without an error; "no": with exit code 1, which says that what it was asked for
 * is not there; "failed": with another one; "stopped": onOutput had seen enough; "absent": there is no git; "interrupted": it
 * took too long, was ended or could not be started, which says nothing of the next time.
 */
export type GitEnd = "done" | "no" | "failed" | "stopped" | "absent" | "interrupted";

export interface GitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The program; absent: the user's. */
  readonly git?: string | undefined;
  /** False: others have the processors first. */
  readonly isUrgent?: boolean;
}

/** What git says, where that is no longer than a path. */
export async function gitOutput(
  folder: string,
  args: readonly string[],
  options: GitOptions,
): Promise<{ readonly end: GitEnd; readonly output: string }> {
  let output = "";
  const read = (chunk: string) => {
    output += chunk;
    return output.length <= MOST_OF_A_PATH;
  };
  const end = await runGit(folder, args, read, options);
  return { end, output };
}

/** @param onOutput returns false when it has seen enough */
export async function runGit(
  folder: string,
  args: readonly string[],
  onOutput: (chunk: string) => boolean,
  options: GitOptions,
): Promise<GitEnd> {
  const git = options.git ?? (await findGit());
  if (git === undefined) return "absent";
  if (options.signal?.aborted) return "interrupted";
  return new Promise<GitEnd>((resolve) => {
    // Throws where there is no memory for it, and has no output where no more files may be open.
    const child: ChildProcess = spawn(git, ["--no-pager", ...HARMLESS, "-C", folder, ...args], {
      // Not the repository: on Windows a program is looked for in the current folder first.
      cwd: dirname(process.execPath),
      env: harmlessEnvironment(),
      stdio: ["ignore", "pipe", "ignore"],
      windowsHide: true,
    });
    if (options.isUrgent === false) yieldToOthers(child.pid);
    let outcome: "stopped" | "interrupted" | undefined;
    const end = (how: "stopped" | "interrupted") => {
      outcome ??= how;
      // Before Node tells that none was started, the signal would go to this process and to all of its group.
      if (child.pid !== undefined) child.kill("SIGKILL");
      // Whatever it may have started must not keep us waiting.
      child.stdout?.destroy();
    };
    const timer = setTimeout(() => end("interrupted"), options.timeoutMs);
    const onAbort = () => end("interrupted");
    options.signal?.addEventListener("abort", onAbort);
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (chunk: string) => {
      if (outcome === undefined && !onOutput(chunk)) end("stopped");
    });
    const finish = (how: GitEnd) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      resolve(outcome ?? how);
    };
    child.on("error", (error: NodeJS.ErrnoException) => finish(error.code === "ENOENT" ? "absent" : "interrupted"));
    child.on("close", (code) => {
      if (code === null) finish("interrupted");
      else finish(code === 0 ? "done" : code === 1 ? "no" : "failed");
    });
  }).catch(() => "interrupted");
}

/** Where the user's settings are, and such as the environment has itself: no repository sets them, and ours win over them. */
const USER_SETTINGS = /^GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/i;

/** Without what would point git elsewhere or at a program; and without fetching what a partial clone lacks. */
function harmlessEnvironment(): NodeJS.ProcessEnv {
  const isKept = (name: string) => USER_SETTINGS.test(name) || !/^(?:GIT_|SSH_ASKPASS|PAGER$|LESS)/i.test(name);
  const kept = Object.entries(process.env).filter(([name]) => isKept(name));
  const fixed = {
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
  };
  return { ...Object.fromEntries(kept), ...fixed, GIT_NO_REPLACE_OBJECTS: "1", LC_ALL: "C" };
}

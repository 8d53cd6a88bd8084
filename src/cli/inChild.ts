// A process's settings of memory and threads are read when it starts, so the command starts itself once more, with those that the
// extension gives its engine, except what the user has set. Terminal, signals and exit code are the child's.

import { spawn } from "node:child_process";
import { crashHint } from "../machine/crashHint";
import { ENGINE_ENVIRONMENT } from "../machine/processes";

const PASSED_ON: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGCONT"];

/** Does the work in a child of this process, or here when this is the child or the settings mean nothing. */
export async function inChild(work: () => Promise<void>): Promise<void> {
  if (hasSettings()) {
    endWithParent();
    return work();
  }
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...ENGINE_ENVIRONMENT, ...process.env },
    // The channel says nothing: its end tells the child that its parent has gone.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // A terminal sends its signals to all processes of a group. In its own, the child gets each once, whoever sent it: from here.
    detached: true,
  });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  process.on("SIGTSTP", () => {
    child.kill("SIGSTOP");
    process.kill(process.pid, "SIGSTOP");
  });
  child.once("error", (error) => {
    process.stderr.write(`griffin: no process could be started: ${error.message}\n`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => (signal === null ? process.exit(code ?? 1) : endBy(signal)));
}

/** The memory's variables are glibc's. What the user has set is left as it is. And a debugger's port cannot be had twice. */
function hasSettings(): boolean {
  const isDebugged = process.execArgv.some((argument) => argument.startsWith("--inspect"));
  const areSet = Object.keys(ENGINE_ENVIRONMENT).every((name) => process.env[name] !== undefined);
  return process.platform !== "linux" || areSet || isDebugged;
}

function endWithParent(): void {
  if (process.channel === undefined) return;
  process.once("disconnect", () => process.exit(1));
  process.channel.unref();
}

/** As the child has ended, so that a shell sees the same; with what helps, where that is known. */
function endBy(signal: NodeJS.Signals): void {
  const hint = crashHint(signal, { isAtStart: false });
  if (hint !== undefined) process.stderr.write(`griffin: ${hint}\n`);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

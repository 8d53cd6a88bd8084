// The engine as a child process: fork it, pass messages, end it with a deadline.
//
// Nothing here knows what the messages mean, or whether an exit was expected.

import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnvironment, ENGINE_ENVIRONMENT } from "../../machine/processes";
import type { EngineMessage, HostMessage } from "../../protocol/engine";
import type { Log } from "../log";

export interface EngineProcess {
  readonly pid: number | undefined;
  /** Messages to a process that has gone are dropped; `onExit` tells that it has. */
  send(message: HostMessage): void;
  onMessage(listener: (message: EngineMessage) => void): void;
  /** Called once, with a phrase such as "exit code 1", also when the process could not be started. */
  onExit(listener: (reason: string) => void): void;
  /** Asks the process to end, ends it by force after a deadline, and resolves when it has gone. */
  kill(): Promise<void>;
  /** Ends a process that hears nothing any more. */
  killAtOnce(): void;
}

/** Long enough for the engine to finish the chunk it computes, short enough for a window that closes. */
const SHUTDOWN_DEADLINE_MS = 1500;
/** After it was ended by force. */
const STUCK_MS = 3000;

export function forkEngine(enginePath: string, log: Log, shutdownMs = SHUTDOWN_DEADLINE_MS): EngineProcess {
  const child = fork(enginePath, [], {
    execArgv: inspectArguments(),
    env: { ...childEnvironment(), ...ENGINE_ENVIRONMENT },
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  logLines(child.stdout, (line) => log.info(`engine: ${line}`));
  logLines(child.stderr, (line) => log.warn(`engine: ${line}`));
  const exited = exitOf(child);

  return {
    pid: child.pid,
    send(message) {
      // A failed send means that the process is about to be reported as gone.
      if (child.connected) child.send(message, () => {});
    },
    onMessage(listener) {
      child.on("message", (message) => listener(message as EngineMessage));
    },
    onExit(listener) {
      void exited.then(listener);
    },
    async kill() {
      this.send({ type: "shutdown" });
      const deadline = setTimeout(() => child.kill("SIGKILL"), shutdownMs);
      // One that is stuck in a driver may have no end.
      await Promise.race([exited, sleep(shutdownMs + STUCK_MS, undefined, { ref: false })]);
      clearTimeout(deadline);
    },
    killAtOnce() {
      child.kill("SIGKILL");
    },
  };
}

/** Resolves with how the process ended, once its last words are read. One that cannot be started has only an `error`. */
function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.on("error", (error) => {
      if (child.pid === undefined) resolve(`it could not be started: ${error.message}`);
    });
  });
}

/** Breakpoints in the engine: .vscode/launch.json sets the port. */
function inspectArguments(): string[] {
  const port = process.env.GRIFFIN_ENGINE_INSPECT;
  return port ? [`--inspect=${port}`] : [];
}

function logLines(stream: NodeJS.ReadableStream | null, log: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on("line", log);
}

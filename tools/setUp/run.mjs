// Runs other programs. Quietly: output is kept and shown only when the program fails. Or in view: output goes through.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { onEndingSignal } from "./endingSignals.mjs";

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to this process's own
 * @property {number} [timeoutMs] it is ended after this time, and has failed
 * @property {number} [graceMs] so long it may take to end, when it is asked to
 */

/** As the shell's `timeout` has it: the exit code of a program that took longer than it may. */
export const TIMED_OUT = 124;

const GRACE_MS = 10_000;

/**
 * Runs a program to its end and returns what it wrote to stdout. Throws, with the last lines of its output, when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>}
 */
export async function runQuietly(command, args, options = {}) {
  const child = start(command, args, options, ["pipe", "pipe"]);
  let stdout = "";
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    stdout += text;
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const code = await exitCode(child, options);
  if (code !== 0) throw new Error(`${describe(command, args)} ended with ${code}:\n${lastLines(output, 40)}`);
  return stdout;
}

/**
 * Runs a program with its output in view, and returns its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function runInView(command, args, options = {}) {
  return exitCode(start(command, args, options, ["inherit", "inherit"]), options);
}

/**
 * Runs a program with its output in view, and returns its exit code with the last lines of its complaints, but for stacks.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, complaints: string }>}
 */
export async function runInViewAndListen(command, args, options = {}) {
  const child = start(command, args, options, ["inherit", "pipe"]);
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
    process.stderr.write(text);
    complaints = lastLines(complaints + text, 100);
  });
  const code = await exitCode(child, options);
  return { code, complaints: lastLines(complaints.replace(/^ +at .*\n?/gm, ""), 20) };
}

/**
 * Runs npm. Under `npm run` it is the very npm that the user called.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) return runQuietly(process.execPath, [cli, ...args], options);
  return runQuietly(process.platform === "win32" ? "npm.cmd" : "npm", args, options);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @param {("pipe" | "inherit")[]} output  of stdout and of stderr
 */
function start(command, args, { cwd, env }, output) {
  // Windows' scripts run in a shell only, and a shell takes quotes.
  const shell = command.endsWith(".cmd");
  const quoted = shell ? args.map((arg) => `"${arg}"`) : args;
  return spawn(shell ? `"${command}"` : command, quoted, {
    cwd,
    env: { ...process.env, ...env },
    shell,
    stdio: ["ignore", ...output],
  });
}

/**
 * A program that a signal ended counts as failed, with the shell's number for it. What ends this process by a signal ends
 * the program, too.
 * @param {import("node:child_process").ChildProcess} child
 * @param {RunOptions} options
 * @returns {Promise<number>}
 */
async function exitCode(child, { timeoutMs, graceMs = GRACE_MS }) {
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  const end = () => {
    child.kill();
    setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
  };
  let isTooLate = false;
  const endLate = () => {
    isTooLate = true;
    end();
  };
  const limit = timeoutMs === undefined ? undefined : setTimeout(endLate, timeoutMs);
  const letGo = onEndingSignal((code) => {
    end();
    child.once("close", () => process.exit(code));
  });
  try {
    const code = await ended;
    return isTooLate ? TIMED_OUT : code;
  } finally {
    clearTimeout(limit);
    letGo();
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function describe(command, args) {
  return [command, ...args].join(" ").slice(0, 200);
}

/**
 * @param {string} text
 * @param {number} count
 */
function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

// A contender's process: asked one question at a time, watched for memory, ended when it takes too much or too long.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Answer, Question } from "./protocol";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Memory {
  readonly residentMb: number;
  /** The most that it ever was. */
  readonly peakMb: number;
}

/** Why a contender has no result: its own last words, or the limit that it met. */
export class ContenderFailure extends Error {}

const WATCH_MS = 100;
const FAREWELL_MS = 10_000;
/** Of what it wrote to stderr. */
const KEPT_CHARACTERS = 4_000;

export class ContenderProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly watch: NodeJS.Timeout;
  private readonly lines: AsyncIterator<string>;
  private readonly exited: Promise<void>;
  private lastWords = "";
  private limitWords: string | undefined;
  private seen: Memory & { ownMb: number } = { residentMb: 0, peakMb: 0, ownMb: 0 };

  constructor(
    command: Command,
    private readonly memoryLimitMb: number,
  ) {
    this.child = spawn(command.file, command.args, { env: { ...process.env, ...command.env } });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-KEPT_CHARACTERS);
    });
    // A process that has died is found out by its missing answer.
    this.child.stdin.on("error", () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.exited = new Promise((resolve) => {
      this.child.once("error", (error) => {
        this.lastWords = error.message;
        resolve();
      });
      this.child.once("close", () => resolve());
    });
    this.watch = setInterval(() => this.look(), WATCH_MS);
  }

  /** Waits for the first answer, which says that it is loaded. */
  async loaded(timeoutSeconds: number): Promise<void> {
    await this.answer(timeoutSeconds);
  }

  async ask(question: Question, timeoutSeconds: number): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    return this.answer(timeoutSeconds);
  }

  /** As it is now, or was last before it ended. */
  get memory(): Memory {
    this.look();
    const { residentMb, peakMb } = this.seen;
    return { residentMb, peakMb };
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    const patience = setTimeout(() => this.child.kill("SIGKILL"), FAREWELL_MS);
    await this.exited;
    clearTimeout(patience);
    clearInterval(this.watch);
  }

  private async answer(timeoutSeconds: number): Promise<Answer> {
    const timer = setTimeout(
      () => this.endFor(`gave no answer in ${Math.round(timeoutSeconds)} s`),
      timeoutSeconds * 1000,
    );
    const { value, done } = await this.lines.next();
    clearTimeout(timer);
    if (!done) {
      this.look(); // A quick one may be gone before the next look.
      return JSON.parse(value);
    }
    await this.exited;
    throw new ContenderFailure(this.limitWords ?? lastLine(this.lastWords) ?? "ended without a word");
  }

  private look(): void {
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.seen = memoryOf(this.child.pid) ?? this.seen;
    const { ownMb } = this.seen;
    if (ownMb <= this.memoryLimitMb) return;
    this.endFor(`had taken ${gigabytes(ownMb)} when it was ended (limit ${gigabytes(this.memoryLimitMb)})`);
  }

  private endFor(reason: string): void {
    this.limitWords ??= reason;
    this.child.kill("SIGKILL");
  }
}

/** Of a process that lives. Mapped files count as far as they have been touched, but are not its own: they can be dropped. */
function memoryOf(pid: number): (Memory & { ownMb: number }) | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return undefined; // It has just ended.
  }
  const mb = (name: string) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024) / 1e6;
  const memory = { residentMb: mb("VmRSS"), peakMb: mb("VmHWM"), ownMb: mb("RssAnon") };
  return Number.isNaN(memory.residentMb) ? undefined : memory; // Without memory it is a zombie.
}

function gigabytes(mb: number): string {
  return `${(mb / 1000).toFixed(1)} GB`;
}

/** Where Python and Rust say what was wrong. */
function lastLine(text: string): string | undefined {
  return text.split("\n").findLast((line) => line.trim() !== "");
}

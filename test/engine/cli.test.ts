// The `griffin` command as a process: it starts itself once more with the memory settings of the extension's engine, and whoever
// runs it sees one process.

import assert from "node:assert/strict";
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ENGINE_ENVIRONMENT, isAlive } from "../../src/machine/processes";
import { TINY_MODEL } from "../support/engineHarness";
import { isRunning, stateOf } from "../support/processState";
import { useTemporaryFolder } from "../support/temporaryFolder";
import { until } from "../support/until";

const CLI = join("dist", "cli.js");
const NAME = "MALLOC_MMAP_THRESHOLD_";
const VALUE = ENGINE_ENVIRONMENT[NAME];

/**
 * Runs in both processes, before the command: writes down the setting, and keeps the one that has it alive when asked to, or stops it
 * as soon as it listens for that.
 */
const WATCH = `
const { appendFileSync } = require("node:fs");
const value = process.env.${NAME};
appendFileSync(process.env.WATCHED, value + "\\n");
if (value !== undefined && process.env.INTERRUPT) {
  process.on("newListener", (name) => name === "SIGINT" && setImmediate(() => process.kill(process.pid, "SIGINT")));
}
if (value !== undefined && process.env.LINGER) {
  if (process.env.COUNT) process.on("SIGINT", () => appendFileSync(process.env.WATCHED, "SIGINT\\n"));
  setInterval(() => {}, 1000);
  console.log("child " + process.pid);
}
`;

describe("the griffin command", () => {
  const folder = useTemporaryFolder("all tests");
  let watched: string;
  let watch: string;
  before(async function () {
    if (process.platform !== "linux") this.skip();
    [watched, watch] = [folder("watched"), folder("watch.cjs")];
    await writeFile(watch, WATCH);
  });
  beforeEach(() => writeFile(watched, ""));
  /** Without what whoever runs the tests may have set of it. */
  const env = (more: object) => {
    const others = Object.entries(process.env).filter(([name]) => !(name in ENGINE_ENVIRONMENT));
    return { ...Object.fromEntries(others), WATCHED: watched, ...more };
  };
  const run = (args: readonly string[], more: object = {}) =>
    spawnSync(process.execPath, ["--require", watch, CLI, ...args], { env: env(more), encoding: "utf8" });

  /** The same in one process, which is quicker. */
  const runAlone = (...args: readonly string[]) => run(args, ENGINE_ENVIRONMENT);

  /** With files of so many blocks at most. */
  const runWithRoom = (blocks: number, ...args: readonly string[]) => {
    const limited = ["-c", `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, "--require", watch, CLI, ...args];
    return spawnSync("sh", limited, { env: env({}), encoding: "utf8" });
  };

  /** The command, and the id of the process that does its work. */
  async function running(
    more: object = {},
    options: SpawnOptions = {},
  ): Promise<{ command: ChildProcess; worker: number }> {
    const command = spawn(process.execPath, ["--require", watch, CLI, "--version"], {
      env: env({ LINGER: "1", ...more }),
      stdio: ["ignore", "pipe", "inherit"],
      ...options,
    });
    const [said] = await once(command.stdout!, "data");
    return { command, worker: Number(/child (\d+)/.exec(String(said))![1]) };
  }

  /** One that stays is ended here: it would keep whoever reads the tests' output waiting. */
  async function assertGone(pid: number): Promise<void> {
    try {
      await until(`process ${pid} is gone`, async () => !(await isRunning(pid)));
    } catch (error) {
      process.kill(pid, "SIGKILL");
      throw error;
    }
  }

  async function isStopped(pid: number): Promise<boolean> {
    return (await stateOf(pid)) === "T";
  }

  it("gives memory back as the extension's engine does, and obeys who has set it otherwise", async () => {
    assert.equal(run(["--version"]).status, 0);
    assert.equal(await readFile(watched, "utf8"), `undefined\n${VALUE}\n`);
    await writeFile(watched, "");
    assert.equal(run(["--version"], { [NAME]: "1000000" }).status, 0);
    assert.equal(await readFile(watched, "utf8"), "1000000\n".repeat(2));
    await writeFile(watched, "");
    assert.equal(run(["--version"], { UV_THREADPOOL_SIZE: "16" }).status, 0);
    assert.equal(await readFile(watched, "utf8"), `undefined\n${VALUE}\n`, "also where another one is set");
    await writeFile(watched, "");
    assert.equal(run(["--version"], ENGINE_ENVIRONMENT).status, 0);
    assert.equal(await readFile(watched, "utf8"), `${VALUE}\n`, "once where nothing is left to set");
  });

  it("says its version", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    assert.equal(run(["--version"]).stdout, `${version}\n`);
  });

  it("ends with 0 when it is done, 1 when it has failed, and 2 when it was called wrongly", () => {
    assert.deepEqual([run(["--help"]).status, run(["nonsense"]).status], [0, 2]);
    const failed = run(["convert", folder("missing"), folder("out")]);
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /^griffin: There is no folder/);
  });

  it("says in a sentence which file is not there, or is not what it should be", async () => {
    const said = (...args: string[]) => runAlone(...args).stderr;
    const missing = folder("missing.json");
    assert.equal(
      said("logits", "--tokens", missing, "--out", watched),
      `griffin: There is no ${missing}. Check the path.\n`,
    );
    assert.equal(said("eval", folder()), `griffin: ${folder()} is a folder. Name a file.\n`);
    assert.match(said("logits", "--tokens", watch, "--out", watched), /^griffin: \S+ is not a JSON list of token ids/);
    const tokens = folder("tokens.json");
    await writeFile(tokens, "[2, 300000]");
    assert.match(
      said("logits", "--tokens", tokens, "--out", watched, "--model", TINY_MODEL),
      /^griffin: \S+ has token 300000, and the ids of .* end at \d+\.\n$/,
    );
    const empty = folder("empty.jsonl");
    await writeFile(empty, "");
    assert.match(
      said("eval", "--recall", empty),
      /^griffin: --streams 3 needs as many repositories .*, and there are 0\./,
    );
    const model = folder("no-model");
    assert.equal(
      said("bench", "--quick", "--model", model),
      `griffin: There is no folder ${model}. Name the folder of a model with --model.\n`,
    );
    assert.equal(
      said("bench", "--quick", "--model", folder()),
      `griffin: There is no readable model.json in ${folder()}. Name the folder of a model with --model.\n`,
    );
  });

  for (const [line, missing] of [
    ["ingest FOLDER --export OTHER", "--import and --export need a folder for saved states: give --state, too."],
    ["ingest FOLDER --import OTHER", "--import and --export need a folder for saved states: give --state, too."],
    ["chat why? --state OTHER", "--state saves what was read of a repository: give --repo, too."],
    [
      "complete FILE --line 1 --column 1 --state OTHER",
      "--state saves what was read of a repository: give --repo, too.",
    ],
    ["chat why? --repo-tokens 9", "--repo-tokens says how much of a repository is read: give --repo, too."],
    ["chat why? --file FILE", "--file names a file of a repository: give --repo, too."],
    ["bench --quick --draw OTHER", "--draw draws what --flat measures: give --flat, too."],
    ["convert FOLDER OTHER --calibrate", "--calibrate is for weights of 4 bits: give --weights int4, too."],
    ["convert FOLDER OTHER --calibrate-on FILE", "--calibrate is for weights of 4 bits: give --weights int4, too."],
    ["logits --tokens FILE", "There is nothing to do with the logits: give --out, --golden or both."],
    ["eval", "Name a task file, such as test/tasks/span.jsonl, or give --recall."],
    ["eval FILE --draw OTHER", "--draw is for measurements with --recall: give --recall, too."],
    ["eval FILE --distances 256", "--distances is for measurements with --recall: give --recall, too."],
  ] as const) {
    it(`says at once what is missing, as of any wrong usage: ${line}`, () => {
      const names: Readonly<Record<string, string>> = { FILE: watch, FOLDER: folder(), OTHER: folder("other") };
      const { status, stderr } = runAlone(...line.split(" ").map((word) => names[word] ?? word));
      assert.deepEqual([stderr, status], [`griffin: ${missing}\n`, 2]);
    });
  }

  for (const line of [
    "eval TASKS --recall --limit 1",
    "eval TASKS --recall --compare",
    "eval TASKS --recall --no-suffix",
    "eval TASKS --far --no-suffix",
    "eval TASKS --compare none,all --sources memory",
    "bench --quick --flat",
  ]) {
    it(`refuses options that would not be heeded: ${line}`, () => {
      const { status, stderr } = runAlone(...line.split(" ").map((word) => (word === "TASKS" ? watch : word)));
      assert.match(stderr, /^error: option '--\w+.*' cannot be used with option '--/);
      assert.equal(status, 2);
    });
  }

  for (const name of ["--every", "--limit", "--streams"]) {
    it(`refuses a count of none: ${name} 0`, () => {
      const { status, stderr } = runAlone("eval", watch, name, "0");
      assert.match(stderr, /^error: option '--\w+ <n>' argument '0' is invalid\. It must be at least 1\./);
      assert.equal(status, 2);
    });
  }

  it("says before it loads the model that a file does not lie in the repository, and follows links to both", async () => {
    const [repository, link] = [await mkdtemp(folder("repository-")), folder("link")];
    await writeFile(join(repository, "one.ts"), "export const one = 1;\n");
    await symlink(repository, link);
    const complete = (file: string, repo: string, ...more: string[]) =>
      runAlone("complete", file, "--line", "1", "--column", "1", "--max-tokens", "1", "--repo", repo, ...more);
    const outside = complete(watch, repository, "--model", folder("no-model"));
    assert.match(outside.stderr, /^griffin: .*watch\.cjs does not lie in .*repository-.*\. Name the repository/);
    for (const [file, repo] of [
      [join(link, "one.ts"), repository],
      [join(repository, "one.ts"), link],
    ] as const) {
      assert.equal(complete(file, repo, "--model", TINY_MODEL).status, 0);
    }
  });

  it("asks about a file by any of its names, and says before it loads the model that there is none", async () => {
    const repository = await mkdtemp(folder("repository-"));
    const file = join(repository, "one.ts");
    await writeFile(file, "export const one = 1;\n");
    const chat = (name: string, ...more: string[]) =>
      runAlone("chat", "why?", "--repo", repository, "--file", name, "--max-tokens", "1", ...more);
    for (const name of ["./one.ts", file]) {
      const { stdout, stderr } = chat(name, "--model", TINY_MODEL);
      assert.equal(stderr, "", name);
      assert.match(stdout, /^1\. one\.ts:1-1\n/, name);
    }
    const without = (name: string) => chat(name, "--model", folder("no-model")).stderr;
    assert.equal(without("two.ts"), `griffin: There is no ${join(repository, "two.ts")}. Check the path.\n`);
    assert.match(without(watch), /^griffin: .*watch\.cjs does not lie in .*repository-.*\. Name the repository/);
  });

  it("says of a model how much memory it takes, and how large its state is at most", () => {
    const { status, stdout } = runAlone("doctor", "--model", TINY_MODEL, "--threads", "1");
    assert.equal(status, 0);
    assert.match(stdout, /^ok {3}model: loads and runs in \d+ ms, with \d[\d.]* MB of memory at most/m);
    assert.match(stdout, /^ok {3}state: at most \d+ kB, .*; attention sees the last \d+/m);
  });

  it("shows the model no secret, whatever a link to it is called, and says so before it loads the model", async () => {
    const [secret, link] = [folder(".env"), folder("notes.txt")];
    await writeFile(secret, "TOKEN=");
    await symlink(secret, link);
    for (const file of [secret, link]) {
      const { status, stderr } = runAlone("complete", file, "--line", "1", "--column", "1", "--model", folder("none"));
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^griffin: .*(\.env|notes\.txt) is not shown to the model: its name .* Name another file\.\n$/,
      );
    }
  });

  it("says of which task no file of the repository may be read", async () => {
    const tasks = folder("far.jsonl");
    const task = { kind: "text", path: "live.py", prefix: "", suffix: "", expected: "one = 1\n" };
    const [secret, other] = [
      { path: ".env", text: "ONE=1" },
      { path: "two.py", text: "two = 2\n" },
    ];
    const lines = [
      { id: "a-text-1", repo: [secret], ...task },
      { id: "b-text-1", repo: [other], ...task },
    ];
    await writeFile(tasks, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const { status, stderr } = runAlone("eval", tasks, "--far", "1", "--model", TINY_MODEL);
    const sentence = 'The repository of "a-text-1" has no file that may be read. Leave its tasks out.';
    assert.deepEqual([stderr, status], [`griffin: ${sentence}\n`, 1]);
  });

  it("fails when it could not write all logits", async () => {
    const [tokens, out] = [folder("one-token.json"), folder("rows")];
    await writeFile(tokens, "[2]");
    const { status, stderr } = runWithRoom(1, "logits", "--tokens", tokens, "--out", out, "--model", TINY_MODEL);
    assert.equal(status, 1, stderr);
  });

  it("fails when it could not save what it has read", async () => {
    const [read, states] = [await mkdtemp(folder("read-")), folder("states")];
    await writeFile(join(read, "one.ts"), "export const one = 1;\n");
    // As on a disk that is full before a state is written.
    const ingest = runWithRoom(64, "ingest", read, "--state", states);
    assert.equal(ingest.status, 1);
    assert.match(ingest.stdout, /^1 files, \d+ tokens in the state\n\d\d tokens read/);
    assert.match(ingest.stdout, /\n\d[\d.]* MB of memory at most, with the model\n/);
    assert.match(ingest.stderr, /griffin: What was read could not be saved in .*states\. Fix the problem named above/);
  });

  it("says before it loads the model where nothing can be written", async () => {
    const without = (...args: string[]) => runAlone(...args, "--model", folder("no-model")).stderr;
    const inFile = `griffin: ${watch} is not a folder. Check the path.\n`;
    assert.equal(without("ingest", folder(), "--state", join(watch, "states")), inFile);
    assert.equal(without("chat", "why?", "--repo", folder(), "--state", watch), inFile);
    assert.equal(without("ingest", folder(), "--state", folder(), "--export", join(watch, "state")), inFile);
    assert.equal(without("bench", "--flat", "--draw", join(watch, "curves.svg")), inFile);
    assert.equal(without("eval", "test/tasks/span.jsonl", "--results", join(watch, "results.jsonl")), inFile);
    assert.equal(without("eval", "--recall", "--draw", join(watch, "curves.svg")), inFile);
    assert.equal(
      runAlone("convert", "test/fixtures/tiny/sharded", join(watch, "out"), "--no-tokenizer").stderr,
      inFile,
    );
  });

  it("says before it loads the model that there is no such repository, nor such a state", () => {
    const without = (...args: string[]) => runAlone(...args, "--model", folder("no-model")).stderr;
    const [missing, inFile] = [folder("missing"), `griffin: ${watch} is not a folder. Check the path.\n`];
    const isMissing = `griffin: There is no ${missing}. Check the path.\n`;
    assert.equal(without("ingest", missing), isMissing);
    assert.equal(without("ingest", watch), inFile);
    assert.equal(without("chat", "why?", "--repo", missing), isMissing);
    assert.equal(without("chat", "why?", "--repo", watch), inFile);
    assert.equal(without("ingest", folder(), "--state", folder(), "--import", missing), isMissing);
  });

  it("says once why it could not read a repository", async () => {
    const [repository, broken] = [await mkdtemp(folder("repository-")), folder("gitconfig")];
    await writeFile(broken, "[broken");
    const { status, stderr } = run(["ingest", repository, "--model", TINY_MODEL], { GIT_CONFIG_GLOBAL: broken });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^griffin: Reading repository-\w+ is on hold: git cannot read its settings\. Run .* to see why\.\n$/,
    );
  });

  it("ends without a word when nobody reads its output any more", async () => {
    const command = spawn(process.execPath, [CLI, "--help"], { env: env({}), stdio: ["ignore", "pipe", "pipe"] });
    command.stdout!.destroy();
    let said = "";
    command.stderr!.on("data", (chunk) => {
      said += String(chunk);
    });
    assert.deepEqual(await once(command, "close"), [141, null]);
    assert.equal(said, "");
  });

  it("says that the disk is full that its output was to go to", async () => {
    const full = await open("/dev/full", "w");
    const stdio = ["ignore", full.fd, "pipe"] as const;
    const { status, stderr } = spawnSync(process.execPath, [CLI, "--help"], {
      env: env({}),
      stdio: [...stdio],
      encoding: "utf8",
    });
    await full.close();
    assert.deepEqual([status, stderr], [1, "griffin: The disk is full. Free some space, then run this again.\n"]);
  });

  it("leaves no folder behind when it is stopped", async () => {
    const temporary = await mkdtemp(folder("temporary-"));
    const command = spawn(process.execPath, [CLI, "eval", "test/tasks/repo.jsonl", "--limit", "1"], {
      env: env({ TMPDIR: temporary }),
      stdio: "ignore",
    });
    const folders = async () => (await readdir(temporary)).filter((name) => name.startsWith("griffin-eval-"));
    await until("it has made its folder", async () => (await folders()).length > 0);
    command.kill("SIGINT");
    assert.deepEqual(await once(command, "exit"), [null, "SIGINT"]);
    assert.deepEqual(await folders(), []);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends by the signal that it is sent, and leaves nothing running (${signal})`, async () => {
      const { command, worker } = await running();
      command.kill(signal);
      assert.deepEqual(await once(command, "exit"), [null, signal]);
      await assertGone(worker);
    });
  }

  it("says what helps against a signal by which it ends itself, where that is known", async () => {
    const { command, worker } = await running({}, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    command.stderr!.on("data", (chunk) => {
      said += String(chunk);
    });
    process.kill(worker, "SIGILL");
    assert.deepEqual(await once(command, "close"), [null, "SIGILL"]);
    assert.match(said, /^griffin: This machine's processor lacks instructions .*\.\n$/);
  });

  it("ends by Ctrl+C in a conversion, too, when that is in order", () => {
    const out = folder("stopped");
    const args = ["convert", "test/fixtures/tiny/sharded", out, "--no-tokenizer"];
    const { signal, stderr } = run(args, { INTERRUPT: "1" });
    assert.deepEqual([signal, stderr], ["SIGINT", "griffin: Stopped. Run the same command again to continue.\n"]);
    assert.equal(run(args).status, 0);
  });

  it("gets a terminal's Ctrl+C once", async () => {
    const { command, worker } = await running({ COUNT: "1" }, { detached: true });
    process.kill(-command.pid!, "SIGINT"); // As a terminal does: to the whole group.
    await until(
      "it has the signal",
      () => readFile(watched, "utf8"),
      (text) => text.includes("SIGINT"),
    );
    command.kill("SIGTERM");
    assert.deepEqual(await once(command, "exit"), [null, "SIGTERM"]);
    await assertGone(worker);
    assert.equal(await readFile(watched, "utf8"), `undefined\n${VALUE}\nSIGINT\n`);
  });

  it("stops whole at a terminal's Ctrl+Z, and goes on whole", async () => {
    const { command, worker } = await running({}, { detached: true });
    const both = [command.pid!, worker];
    const untilStopped = (what: string, wanted: boolean) =>
      until(
        what,
        () => Promise.all(both.map(isStopped)),
        (are) => are.every((isOne) => isOne === wanted),
      );
    try {
      process.kill(-command.pid!, "SIGTSTP");
      await untilStopped("both are stopped", true);
      process.kill(-command.pid!, "SIGCONT"); // As a shell does at `fg`.
      await untilStopped("both go on", false);
      command.kill("SIGTERM");
      assert.deepEqual(await once(command, "exit"), [null, "SIGTERM"]);
      await assertGone(worker);
    } finally {
      for (const pid of both.filter(isAlive)) process.kill(pid, "SIGKILL");
    }
  });

  it("leaves nothing running when it is killed", async () => {
    const { command, worker } = await running();
    command.kill("SIGKILL");
    await assertGone(worker);
  });
});

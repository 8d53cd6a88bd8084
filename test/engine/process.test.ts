// The engine as a process of its own: handshake, requests, cancellation, bad models, and its end.

import assert from "node:assert/strict";
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { cp, open, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isAlive } from "../../src/machine/processes";
import type { CompleteParams, ReadingProgress, RequestType } from "../../src/protocol/engine";
import { type Asked, type EngineHarness, TINY_MODEL, useEngines } from "../support/engineHarness";
import { isRunning } from "../support/processState";
import { useTemporaryFolder, writeFiles } from "../support/temporaryFolder";
import { until } from "../support/until";

const TEXT = "def add(a, b):\n    return a + b\n\n\ndef subtract(a, b):\n    return";
const URI = "file:///sample.py";
const QUESTION = {
  turns: [{ role: "user", text: "What is a list?" }],
  useRepository: true,
  attachments: [],
} as const;

function ask(engine: EngineHarness, params: Partial<CompleteParams> = {}): Asked<"complete"> {
  const defaults = {
    uri: URI,
    version: 1,
    offset: TEXT.length,
    // The tiny model is seldom sure of what it writes.
    trigger: "invoke",
    extent: { multiline: false, maxTokens: 24 },
  } as const;
  return engine.ask("complete", { params: { ...defaults, ...params } });
}

describe("the engine's process", () => {
  const folder = useTemporaryFolder("all tests");
  const engines = useEngines("all tests");
  const others = useEngines();
  let engine: EngineHarness;
  before(async () => {
    engine = await engines.start();
  });

  let opened = 0;
  /** A document that no other test knows, with `TEXT`. Returns its address. */
  function open(): string {
    const uri = `file:///${++opened}.py`;
    engine.send({ type: "open", uri, version: 1, languageId: "python", text: TEXT });
    return uri;
  }

  const cancel = ({ id }: Asked<RequestType>) => engine.send({ type: "cancel", id });
  /** Resolves when something of a long answer is written. */
  async function beginChat(): Promise<Asked<"chat">> {
    const chat = engine.ask("chat", { params: { ...QUESTION, maxTokens: 400 } });
    await engine.next("chatText", ({ id }) => id === chat.id);
    return chat;
  }

  it("completes what a person would", async () => {
    const result = await ask(engine, { uri: open() }).result();
    assert.equal(result.type, "success");
    assert.equal(result.type === "success" && result.text, " a - b");
  });

  it("tells what it writes as it writes it", async () => {
    const uri = open();
    const asked = ask(engine, { uri, extent: { multiline: true, maxTokens: 24 } });
    const result = await asked.result();
    const texts = engine.messages.flatMap((message) =>
      message.type === "completeText" && message.id === asked.id ? message.text : [],
    );
    assert.ok(texts.length > 1, "all at once");
    assert.ok(result.type === "success" && texts.join("").startsWith(result.text), texts.join(""));
  });

  it("lets what somebody waits for pass what nobody waits for yet", async () => {
    const selected = { offset: TEXT.length, deleted: 0, text: " a - b\n\n\ndef multiply(a, b):\n   " };
    const uri = open();
    const extent = { multiline: true, maxTokens: 200 };
    const ahead = ask(engine, { uri, selected, isSpeculative: true, extent });
    await engine.next("completeText", ({ id }) => id === ahead.id);
    await ask(engine, { uri }).result();
    assert.ok(!engine.isAnswered(ahead), "it ended before it could be passed: the test shows nothing");
    cancel(ahead);
    assert.equal((await ahead.result()).type, "cancelled");
  });

  it("reuses its state for the next keystroke", async () => {
    const uri = open();
    await ask(engine, { uri }).result();
    engine.send({ type: "change", uri, version: 2, edits: [{ offset: TEXT.length, deleted: 0, inserted: " a" }] });
    const result = await ask(engine, { uri, version: 2, offset: TEXT.length + 2 }).result();
    assert(result.type === "success");
    assert.ok(result.timing.replayedTokens <= 4, `${result.timing.replayedTokens} tokens were run again`);
  });

  it("refuses a version that it does not have", async () => {
    const result = await ask(engine, { uri: open(), version: 9 }).result();
    assert.deepEqual(result, { type: "stale", reason: "the engine has version 1 of the document, not 9" });
  });

  it("lives on when a document's address is no file of this machine", async () => {
    const uri = process.platform === "win32" ? "file:///no/drive.py" : "file://server/share/a.py";
    engine.send({ type: "open", uri, version: 1, languageId: "python", text: TEXT });
    engine.send({ type: "change", uri, version: 2, edits: [{ offset: TEXT.length, deleted: 0, inserted: " a" }] });
    const result = await ask(engine, { uri, version: 2, offset: TEXT.length + 2 }).result();
    assert.equal(result.type, "success");
  });

  it("answers a cancelled request once, as cancelled, and goes on with the next", async () => {
    const uri = open();
    const first = ask(engine, { uri, offset: 0, extent: { multiline: true, maxTokens: 500 } });
    cancel(first);
    const second = ask(engine, { uri });
    assert.equal((await first.result()).type, "cancelled");
    assert.equal((await second.result()).type, "success");
    const answers = engine.messages.filter((message) => message.type === "result" && message.id === first.id);
    assert.equal(answers.length, 1);
  });

  it("writes ahead what it would write after acceptance", async () => {
    const accepted = " a - b\n\n\ndef multiply(a, b):\n    return";
    const uri = open();
    const selected = { offset: TEXT.length, deleted: 0, text: accepted };
    const ahead = await ask(engine, { uri, selected, isSpeculative: true }).result();
    const edits = [{ offset: TEXT.length, deleted: 0, inserted: accepted }];
    engine.send({ type: "change", uri, version: 2, edits });
    const later = await ask(engine, { uri, version: 2, offset: TEXT.length + accepted.length }).result();
    assert(ahead.type === "success" && later.type === "success");
    assert.equal(ahead.text, later.text);
    assert.ok(later.timing.replayedTokens <= 4, `${later.timing.replayedTokens} tokens were run again`);
  });

  it("streams a chat's answer and stops it when asked", async () => {
    const chat = await beginChat();
    cancel(chat);
    assert.equal((await chat.result()).type, "cancelled");
  });

  it("makes a question ready for a model elsewhere at once, whatever its own is writing", async () => {
    const chat = await beginChat();
    const asked = engine.ask("chatMessages", { question: QUESTION });
    const checked = engine.ask("checkCitations", { answer: "See nowhere.ts:1." });
    const result = await asked.result();
    assert(result.type === "success");
    assert.deepEqual(result.messages, [{ role: "user", content: "What is a list?" }]);
    assert.ok(result.grounds.promptTokens > 2 && result.grounds.promptTokens < 12, `${result.grounds.promptTokens}`);
    assert.deepEqual(await checked.result(), { type: "success", citations: [] });
    assert.ok(!engine.isAnswered(chat), "the question waited for the answer to another");
    cancel(chat);
    assert.equal((await chat.result()).type, "cancelled");
  });

  it("draws on what is not saved in another document that is open, and on the saved text once that is closed", async () => {
    const repository = { read: true, exclude: [], maxTokens: 0, stateBudgetBytes: 0 };
    try {
      await writeFile(folder("shapes.py"), "def area(width, height):\n    return width * height\n");
      const [shapes, main] = ["shapes.py", "main.py"].map((name) => pathToFileURL(folder(name)).href);
      engine.send({ type: "workspace", folders: [{ name: "open", path: folder() }], repository });
      await engine.next("reading", ({ progress }) => progress.folder === folder() && progress.phase === "done");
      const text = "from shapes import volume\n\nx = volume(";
      const unsaved = "def volume(width, height, depth):\n    return width * height * depth\n\n\n";
      const edits = [{ offset: 0, deleted: 0, inserted: unsaved }];
      const document = { version: 1, languageId: "python", text: "" };
      engine.send({ type: "open", uri: shapes!, ...document });
      engine.send({ type: "change", uri: shapes!, version: 2, edits });
      let asked = 0;
      const drawnOn = async () => {
        const uri = `${main}${++asked}`;
        engine.send({ type: "open", uri, ...document, text });
        await ask(engine, { uri, offset: text.length, extent: { multiline: false, maxTokens: 1 } }).result();
        const result = await engine.ask("report", {}).result();
        assert(result.type === "success");
        assert.ok(result.report.residentBytes > 1e6);
        const { snippets } = result.report.completion!;
        return snippets.map(({ path, reason }) => `${path}: ${reason}`);
      };
      // A completion does not wait for the grammar, which may have to be loaded first.
      await until("the unsaved text is drawn on", drawnOn, (them) => them.includes("shapes.py: definition"));
      engine.send({ type: "close", uri: shapes! });
      // Nothing tells when the file has been read again.
      await until("it is not any more", drawnOn, (them) => !them.includes("shapes.py: definition"));
    } finally {
      engine.send({ type: "workspace", folders: [], repository });
    }
  });

  it("reads a folder while a program writes a document that is open", async () => {
    const written = folder("written");
    const repository = { read: true, exclude: [], maxTokens: 1000, stateBudgetBytes: 0 };
    try {
      await writeFiles(written, { "shapes.py": "def area(width, height):\n    return width * height\n" });
      const uri = pathToFileURL(join(written, "server.log")).href;
      engine.send({ type: "open", uri, version: 1, languageId: "log", text: "" });
      await ask(engine, { uri: open() }).result();
      engine.send({ type: "workspace", folders: [{ name: "written", path: written }], repository });
      const isIn = (phase: ReadingProgress["phase"]) =>
        engine.messages.some(
          (message) =>
            message.type === "reading" && message.progress.folder === written && message.progress.phase === phase,
        );
      for (let line = 1; !isIn("done"); line++) {
        assert.ok(line <= 20_000 && !isIn("failed"), `not read after ${line - 1} lines`);
        const edits = [{ offset: 0, deleted: 0, inserted: "GET /\n" }];
        engine.send({ type: "change", uri, version: 1 + line, edits });
        await engine.ask("countTokens", { text: "" }).result();
      }
    } finally {
      engine.send({ type: "workspace", folders: [], repository });
    }
  });

  it("lives on when a request cannot be answered, and says why", async () => {
    const noText = undefined as unknown as string;
    const checked = engine.ask("checkCitations", { answer: noText });
    const counted = engine.ask("countTokens", { text: noText });
    assert.equal((await checked.result()).type, "failed");
    assert.equal((await counted.result()).type, "failed");
    assert.deepEqual(await engine.ask("countTokens", { text: "a" }).result(), { type: "success", count: 1 });
  });

  it("lets a completion through while a chat is being answered", async () => {
    const chat = await beginChat();
    assert.equal((await ask(engine, { uri: open() }).result()).type, "success");
    assert.ok(!engine.isAnswered(chat), "the completion waited for the chat");
    cancel(chat);
    assert.equal((await chat.result()).type, "cancelled");
  });

  it("says that it is there while it writes", async () => {
    const asked = ask(engine, { uri: open(), offset: 0, extent: { multiline: true, maxTokens: 500 } });
    await engine.next("completeText", ({ id }) => id === asked.id);
    engine.send({ type: "ping" });
    assert.ok((await engine.next("pong")).residentBytes > 1e6);
    assert.ok(!engine.isAnswered(asked));
    cancel(asked);
    assert.equal((await asked.result()).type, "cancelled");
  });

  it("exits when it is told to", async () => {
    const other = await others.start(TINY_MODEL);
    other.send({ type: "shutdown" });
    assert.equal(await other.exited(), "exit code 0");
  });

  const onPosix = process.platform === "win32" ? it.skip : it; // Windows has no such signals.
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    onPosix(`ends in good order when the user logs out, or ends the editor in its terminal (${signal})`, async () => {
      const other = await others.start(TINY_MODEL);
      process.kill(other.pid, signal);
      assert.equal(await other.exited(), "exit code 0");
    });
  }
});

describe("an engine that has not loaded its model", () => {
  const engines = useEngines();

  it("says so to whoever asks, and what to do", async () => {
    const engine = engines.fork();
    engine.send({ type: "open", uri: URI, version: 1, languageId: "python", text: TEXT });
    engine.send({ type: "prepare", uri: URI, version: 1, offset: 0 });
    const asked = {
      complete: ask(engine),
      chat: engine.ask("chat", { params: { ...QUESTION, maxTokens: 9 } }),
      chatMessages: engine.ask("chatMessages", { question: QUESTION }),
      clearStates: engine.ask("clearStates", {}),
      importState: engine.ask("importState", { folder: "/work", file: "/state" }),
      report: engine.ask("report", {}),
    };
    const failed = { type: "failed", message: "The model is not loaded yet. Try again in a moment." };
    for (const [type, one] of Object.entries(asked)) assert.deepEqual(await one.result(), failed, type);
  });
});

describe("an engine without a usable model", () => {
  const folder = useTemporaryFolder();
  const engines = useEngines();
  let engine: EngineHarness;
  beforeEach(() => {
    engine = engines.fork();
  });

  /** What is wrong with the model, and the sentence. */
  async function failure(modelFolder: string): Promise<string> {
    engine.start(modelFolder);
    const { fault, message } = await engine.next("failed");
    return `${fault}: ${message}`;
  }

  it("says that there is no model", async () => {
    assert.match(await failure(folder("nowhere")), /^noFolder: There is no folder .*nowhere\.$/);
  });

  it("says that a folder holds no model", async () => {
    assert.match(await failure(folder()), /^noModelJson: There is no readable model\.json in .*\.$/);
  });

  it("names a missing file", async () => {
    await cp(TINY_MODEL, folder(), { recursive: true });
    await rm(folder("weights-00001-of-00001.safetensors"));
    assert.match(
      await failure(folder()),
      /^damaged: The model in .* is damaged: weights-00001-of-00001\.safetensors is missing or not readable\.$/,
    );
  });

  it("names a truncated file", async () => {
    await cp(TINY_MODEL, folder(), { recursive: true });
    await truncate(folder("weights-00001-of-00001.safetensors"), 1000);
    assert.match(await failure(folder()), / weights-00001-of-00001\.safetensors has 1000 bytes instead of \d+\.$/);
  });

  it("names a file of which one byte was altered", async () => {
    await cp(TINY_MODEL, folder(), { recursive: true });
    const file = await open(folder("weights-00001-of-00001.safetensors"), "r+");
    await file.write(Uint8Array.of(1, 2, 3, 4), 0, 4, (await file.stat()).size - 4);
    await file.close();
    assert.match(
      await failure(folder()),
      / weights-00001-of-00001\.safetensors has been altered \(its SHA-256 differs\)\.$/,
    );
  });

  it("refuses a model.json that is not one", async () => {
    await writeFile(folder("model.json"), "{");
    assert.match(await failure(folder()), /no readable model\.json/);
  });

  it("refuses another format version by number", async () => {
    await writeFile(folder("model.json"), JSON.stringify({ formatVersion: 99 }));
    assert.match(await failure(folder()), /has format version 99; this version of Griffin Code reads 1/);
  });

  it("refuses a description of something else", async () => {
    await writeFile(folder("model.json"), "{}");
    assert.match(await failure(folder()), /describes no model of Griffin Code's: it has no formatVersion\.$/);
  });

  it("refuses to talk across a difference of protocol", async () => {
    engine.start(TINY_MODEL, 999);
    assert.match((await engine.next("failed")).message, /protocol 999 and the engine \d+.*Reload the window/);
  });
});

describe("an engine whose parent dies", () => {
  const folder = useTemporaryFolder();
  const engines = useEngines();

  it("ends too", () => endsAfter(TINY_MODEL, "ready"));

  it("ends too while the disk of its model does not answer", async function () {
    if (process.platform === "win32") this.skip();
    // Whoever opens a pipe waits for somebody who writes to it.
    execFileSync("mkfifo", [folder("model.json")]);
    await endsAfter(folder(), "pong");
  });

  it("ends too while that disk does not answer and the parent, which is ended at the same time, is still there", async function () {
    if (process.platform === "win32") this.skip();
    execFileSync("mkfifo", [folder("model.json")]);
    const engine = engines.fork();
    engine.start(folder());
    engine.send({ type: "ping" });
    await engine.next("pong");
    process.kill(engine.pid, "SIGTERM");
    await engine.exited();
  });

  async function endsAfter(modelFolder: string, word: "ready" | "pong"): Promise<void> {
    const parent = fork(join("test", "support", "engineParent.mjs"), [modelFolder, word], { silent: true });
    const [pid] = (await once(parent, "message")) as [number];
    try {
      parent.kill("SIGKILL");
      await once(parent, "exit");
      await until(`process ${pid} is gone`, async () => !(await isRunning(pid)));
    } finally {
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    }
  }
});

// The engine as a process of its own: handshake, requests, cancellation, bad models, and its end.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { cp, open, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CompleteParams, ReadingProgress } from "../../src/protocol/engine";
import { EngineHarness, TINY_MODEL } from "../support/engineHarness";
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

function ask(engine: EngineHarness, id: number, params: Partial<CompleteParams> = {}): void {
  const defaults = {
    uri: URI,
    version: 1,
    offset: TEXT.length,
    // The tiny model is seldom sure of what it writes.
    trigger: "invoke",
    extent: { multiline: false, maxTokens: 24 },
  } as const;
  engine.send({ type: "complete", id, params: { ...defaults, ...params } });
}

describe("the engine's process", () => {
  const folder = useTemporaryFolder("all tests");
  let engine: EngineHarness;
  before(async () => {
    engine = await EngineHarness.start();
  });
  after(() => engine.stop());

  let opened = 0;
  /** A document that no other test knows, with `TEXT`. Returns its address. */
  function open(): string {
    const uri = `file:///${++opened}.py`;
    engine.send({ type: "open", uri, version: 1, languageId: "python", text: TEXT });
    return uri;
  }

  const answer = (id: number) => engine.result("complete", id);
  /** Resolves when something of a long answer is written. */
  async function beginChat(id: number): Promise<void> {
    engine.send({ type: "chat", id, params: { ...QUESTION, maxTokens: 400 } });
    await engine.next("chatText", (message) => message.id === id);
  }

  it("completes what a person would", async () => {
    ask(engine, 1, { uri: open() });
    const result = await answer(1);
    assert.equal(result.type, "success");
    assert.equal(result.type === "success" && result.text, " a - b");
  });

  it("tells what it writes as it writes it", async () => {
    const uri = open();
    ask(engine, 10, { uri, extent: { multiline: true, maxTokens: 24 } });
    const result = await answer(10);
    const texts = engine.messages.flatMap((message) =>
      message.type === "completeText" && message.id === 10 ? message.text : [],
    );
    assert.ok(texts.length > 1, "all at once");
    assert.ok(result.type === "success" && texts.join("").startsWith(result.text), texts.join(""));
  });

  it("lets what somebody waits for pass what nobody waits for yet", async () => {
    const selected = { offset: TEXT.length, deleted: 0, text: " a - b\n\n\ndef multiply(a, b):\n   " };
    const uri = open();
    ask(engine, 20, { uri, selected, isSpeculative: true, extent: { multiline: true, maxTokens: 200 } });
    await engine.next("completeText", (message) => message.id === 20);
    ask(engine, 21, { uri });
    await answer(21);
    assert.ok(!engine.answered.includes(20), "it ended before it could be passed: the test shows nothing");
    engine.send({ type: "cancel", id: 20 });
    assert.equal((await answer(20)).type, "cancelled");
  });

  it("reuses its state for the next keystroke", async () => {
    const uri = open();
    ask(engine, 11, { uri });
    await answer(11);
    engine.send({ type: "change", uri, version: 2, edits: [{ offset: TEXT.length, deleted: 0, inserted: " a" }] });
    ask(engine, 2, { uri, version: 2, offset: TEXT.length + 2 });
    const result = await answer(2);
    assert(result.type === "success");
    assert.ok(result.timing.replayedTokens <= 4, `${result.timing.replayedTokens} tokens were run again`);
  });

  it("refuses a version that it does not have", async () => {
    ask(engine, 3, { uri: open(), version: 9 });
    const result = await answer(3);
    assert.deepEqual(result, { type: "stale", reason: "the engine has version 1 of the document, not 9" });
  });

  it("lives on when a document's address is no file of this machine", async () => {
    const uri = process.platform === "win32" ? "file:///no/drive.py" : "file://server/share/a.py";
    engine.send({ type: "open", uri, version: 1, languageId: "python", text: TEXT });
    engine.send({ type: "change", uri, version: 2, edits: [{ offset: TEXT.length, deleted: 0, inserted: " a" }] });
    ask(engine, 12, { uri, version: 2, offset: TEXT.length + 2 });
    assert.equal((await answer(12)).type, "success");
  });

  it("answers a cancelled request once, as cancelled, and goes on with the next", async () => {
    const uri = open();
    ask(engine, 4, { uri, offset: 0, extent: { multiline: true, maxTokens: 500 } });
    engine.send({ type: "cancel", id: 4 });
    ask(engine, 5, { uri });
    assert.equal((await answer(4)).type, "cancelled");
    assert.equal((await answer(5)).type, "success");
    assert.equal(engine.answered.filter((id) => id === 4).length, 1);
  });

  it("writes ahead what it would write after acceptance", async () => {
    const accepted = " a - b\n\n\ndef multiply(a, b):\n    return";
    const uri = open();
    ask(engine, 22, { uri, selected: { offset: TEXT.length, deleted: 0, text: accepted }, isSpeculative: true });
    const ahead = await answer(22);
    const edits = [{ offset: TEXT.length, deleted: 0, inserted: accepted }];
    engine.send({ type: "change", uri, version: 2, edits });
    ask(engine, 23, { uri, version: 2, offset: TEXT.length + accepted.length });
    const later = await answer(23);
    assert(ahead.type === "success" && later.type === "success");
    assert.equal(ahead.text, later.text);
    assert.ok(later.timing.replayedTokens <= 4, `${later.timing.replayedTokens} tokens were run again`);
  });

  it("streams a chat's answer and stops it when asked", async () => {
    await beginChat(6);
    engine.send({ type: "cancel", id: 6 });
    assert.equal((await engine.result("chat", 6)).type, "cancelled");
  });

  it("makes a question ready for a model elsewhere at once, whatever its own is writing", async () => {
    await beginChat(30);
    engine.send({ type: "chatMessages", id: 31, question: QUESTION });
    engine.send({ type: "checkCitations", id: 32, answer: "See nowhere.ts:1." });
    const result = await engine.result("chatMessages", 31);
    assert(result.type === "success");
    assert.deepEqual(result.messages, [{ role: "user", content: "What is a list?" }]);
    assert.ok(result.grounds.promptTokens > 2 && result.grounds.promptTokens < 12, `${result.grounds.promptTokens}`);
    assert.deepEqual(await engine.result("checkCitations", 32), { type: "success", citations: [] });
    assert.ok(!engine.answered.includes(30), "the question waited for the answer to another");
    engine.send({ type: "cancel", id: 30 });
    assert.equal((await engine.result("chat", 30)).type, "cancelled");
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
      let id = 40;
      const drawnOn = async () => {
        const uri = `${main}${++id}`;
        engine.send({ type: "open", uri, ...document, text });
        ask(engine, id, { uri, offset: text.length, extent: { multiline: false, maxTokens: 1 } });
        await answer(id);
        engine.send({ type: "report", id: id + 100 });
        const result = await engine.result("report", id + 100);
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
      ask(engine, 50, { uri: open() });
      await answer(50);
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
        engine.send({ type: "countTokens", id: 1000 + line, text: "" });
        await engine.result("countTokens", 1000 + line);
      }
    } finally {
      engine.send({ type: "workspace", folders: [], repository });
    }
  });

  it("lives on when a request cannot be answered, and says why", async () => {
    const noText = undefined as unknown as string;
    engine.send({ type: "checkCitations", id: 33, answer: noText });
    engine.send({ type: "countTokens", id: 34, text: noText });
    assert.equal((await engine.result("checkCitations", 33)).type, "failed");
    assert.equal((await engine.result("countTokens", 34)).type, "failed");
    engine.send({ type: "countTokens", id: 35, text: "a" });
    assert.deepEqual(await engine.result("countTokens", 35), { type: "success", count: 1 });
  });

  it("lets a completion through while a chat is being answered", async () => {
    await beginChat(7);
    ask(engine, 8, { uri: open() });
    assert.equal((await answer(8)).type, "success");
    assert.ok(!engine.answered.includes(7), "the completion waited for the chat");
    engine.send({ type: "cancel", id: 7 });
    assert.equal((await engine.result("chat", 7)).type, "cancelled");
  });

  it("says that it is there while it writes", async () => {
    ask(engine, 40, { uri: open(), offset: 0, extent: { multiline: true, maxTokens: 500 } });
    await engine.next("completeText", ({ id }) => id === 40);
    engine.send({ type: "ping" });
    assert.ok((await engine.next("pong")).residentBytes > 1e6);
    assert.ok(!engine.answered.includes(40));
    engine.send({ type: "cancel", id: 40 });
    assert.equal((await answer(40)).type, "cancelled");
  });

  it("exits when it is told to", async () => {
    const other = await EngineHarness.start(TINY_MODEL);
    other.send({ type: "shutdown" });
    assert.equal(await other.exited(), 0);
  });

  const onPosix = process.platform === "win32" ? it.skip : it; // Windows has no such signals.
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    onPosix(`ends in good order when the user logs out, or ends the editor in its terminal (${signal})`, async () => {
      const other = await EngineHarness.start(TINY_MODEL);
      other.process.kill(signal);
      assert.equal(await other.exited(), 0);
    });
  }
});

describe("an engine that has not loaded its model", () => {
  it("says so to whoever asks, and what to do", async () => {
    const engine = EngineHarness.fork();
    engine.send({ type: "open", uri: URI, version: 1, languageId: "python", text: TEXT });
    engine.send({ type: "prepare", uri: URI, version: 1, offset: 0 });
    ask(engine, 1);
    engine.send({ type: "chat", id: 2, params: { ...QUESTION, maxTokens: 9 } });
    engine.send({ type: "chatMessages", id: 3, question: QUESTION });
    engine.send({ type: "clearStates", id: 4 });
    engine.send({ type: "importState", id: 5, folder: "/work", file: "/state" });
    engine.send({ type: "report", id: 6 });
    const failed = { type: "failed", message: "The model is not loaded yet. Try again in a moment." };
    const asked = ["complete", "chat", "chatMessages", "clearStates", "importState", "report"] as const;
    for (const [index, type] of asked.entries()) assert.deepEqual(await engine.result(type, index + 1), failed, type);
    await engine.stop();
  });
});

describe("an engine without a usable model", () => {
  const folder = useTemporaryFolder();
  let engine: EngineHarness;
  beforeEach(() => {
    engine = EngineHarness.fork();
  });
  afterEach(async () => {
    await engine.stop();
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
  it("ends too", async () => {
    const parent = fork(join("test", "support", "engineParent.mjs"), [], { silent: true });
    const [pid] = (await once(parent, "message")) as [number];
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await until(`process ${pid} is gone`, async () => !(await isRunning(pid)));
  });
});

// Answers that draw on a folder on a real disk, from a model that tells every token that it was shown.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ChatListener, Chatter } from "../../src/engine/chat/chatter";
import type { TokenId } from "../../src/engine/model/model";
import type { State } from "../../src/engine/model/state";
import { Cancelled, type ModelAccess, undisturbed } from "../../src/engine/modelAccess";
import { Repository } from "../../src/engine/repository/repository";
import type { ChatAttachment, ChatContext, ChatFindings, ChatParams, ChatTurn } from "../../src/protocol/engine";
import { TINY_MODEL } from "../support/engineHarness";
import { type ReadingModel, readingModel } from "../support/readingModel";
import { UNREADABLE } from "../support/scene";
import { stoppedAfter } from "../support/stoppedAfter";
import { useTemporaryFolder, writeFiles } from "../support/temporaryFolder";
import { WellReadModel } from "../support/wellReadModel";

const run = promisify(execFile);
const SECRET = "s3cr3t4711doNotRead";

const FILES: Readonly<Record<string, string>> = {
  "src/shapes.ts":
    "/** The area of a rectangle. */\nexport function area(width: number, height: number) {\n  return width * height;\n}\n",
  "src/main.ts": 'import { area } from "./shapes";\nconsole.log(area(2, 3));\n',
  "src/filler.ts": "export const filler = [1, 2, 3];\n".repeat(60),
  ".gitignore": "out/\n",
};

const NEVER_READ: Readonly<Record<string, string>> = {
  ".env": `AREA=${SECRET}\n`,
  "out/area.js": `export const area = "${SECRET}";\n`,
  "deploy/credentials.json": `{ "area": "${SECRET}" }\n`,
  "src/area.min.js": `var area="${SECRET}";${"a=1;".repeat(800)}`,
};

const paramsOf = (question: string, change: Partial<ChatParams> = {}): ChatParams => ({
  ...{ turns: [{ role: "user", text: question }], maxTokens: 3, useRepository: true, attachments: [] },
  ...change,
});
const DEAF: ChatListener = { onFindings: () => {}, onContext: () => {}, onText: () => {} };

/** Writes the same tokens again and again. */
class LoopingModel extends WellReadModel {
  constructor(
    vocabSize: number,
    private readonly line: readonly TokenId[],
  ) {
    super(vocabSize, 0);
  }

  override async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]) {
    const result = await super.forward(tokens, state, rows);
    for (const [index, row] of rows.entries()) {
      const known = this.line.indexOf(tokens[row]!);
      result.logits[index * this.architecture.vocabSize + this.line[(known + 1) % this.line.length]!] = 50;
    }
    return result;
  }
}

/** Finds a few words alike likely. */
class UndecidedModel extends WellReadModel {
  override async forward(tokens: readonly TokenId[], state: State, rows: readonly number[]) {
    const result = await super.forward(tokens, state, rows);
    for (const row of rows.keys()) {
      const first = row * this.architecture.vocabSize + 500;
      result.logits.fill(50, first, first + 40);
    }
    return result;
  }
}

describe("a chat about a folder", () => {
  const temporary = useTemporaryFolder();
  let lm: ReadingModel;
  let folder: string;
  let repository: Repository;
  let chatter: Chatter;

  beforeEach(async () => {
    lm = await readingModel((vocabSize) => new WellReadModel(vocabSize, 500));
    folder = temporary("work");
    await writeFiles(folder, { ...FILES, ...NEVER_READ });
    repository = new Repository({
      lm,
      background: (_priority, work) => work(undisturbed),
      onProgress: () => {},
      log: () => {},
      settleMs: 0,
    });
    await repository.open({
      folders: [{ name: "work", path: folder }],
      repository: { read: true, exclude: [], maxTokens: 10_000, stateBudgetBytes: 0 },
    });
    chatter = new Chatter({ lm, folders: (near) => repository.folders(near) });
    lm.takeText();
  });

  afterEach(() => repository.close());

  async function ask(
    turns: readonly ChatTurn[] | string,
    change: Partial<ChatParams> = {},
    access: ModelAccess = undisturbed,
  ) {
    const said = typeof turns === "string" ? [{ role: "user", text: turns } as const] : turns;
    let context: (ChatFindings & ChatContext) | undefined;
    let findings: ChatFindings | undefined;
    const order: string[] = [];
    const params = paramsOf("", { turns: said, earlierTokens: 1024, ...change });
    const listener = {
      onFindings: (found: ChatFindings) => {
        findings = found;
        order.push("findings");
      },
      onContext: (told: ChatContext) => {
        context = { ...findings!, ...told };
        order.push("context");
      },
      onText: () => order.push("text"),
    };
    const result = await chatter.answer(params, listener, access);
    assert(result.type === "success");
    const tokens = lm.model.runs.flat();
    return { result, context: context!, order, tokens, seen: lm.takeText() };
  }

  /** From now on src/shapes.ts may not be read. */
  async function forbidShapes(): Promise<void> {
    await writeFiles(folder, { ".griffinignore": "shapes.ts\n" });
    await repository.filesChanged([join(folder, ".griffinignore")]);
    await repository.settled();
  }

  const QUESTION = "How is the area computed?";
  const attachFile = (path: string): ChatAttachment => ({ type: "file", folder, path });

  it("goes on from the folder's state, with the passages next to the question", async () => {
    const { context, result, tokens, seen, order } = await ask(QUESTION);
    assert.equal(context.base.choice, "trunk", context.base.reason);
    assert.deepEqual(order.slice(0, 2), ["findings", "context"]);
    assert.equal(context.sources[0]!.path, "src/shapes.ts");
    const code = seen.lastIndexOf("Code in src/shapes.ts:1-4\n```\n/** The area of a rectangle. */");
    assert.ok(code > 0 && code < seen.lastIndexOf(`Question: ${QUESTION}\n\nAnswer:`), seen);
    assert.equal(result.replayedTokens, context.promptTokens);
    const begun = tokens.filter((token) => token === lm.about.tokens.bos);
    assert.equal(begun.length, 1, "once without the state, to compare; the state has read it already");
  });

  it("reads in the long runs that are measured for what nobody types behind", async () => {
    const runLengths = { chunkTokens: 16, longChunkTokens: 50 };
    lm = await readingModel((vocabSize) => Object.assign(new WellReadModel(vocabSize, 0), { runLengths }));
    chatter = new Chatter({ lm, folders: (near) => repository.folders(near) });
    await chatter.answer(
      paramsOf(QUESTION),
      { ...DEAF, onContext: ({ promptTokens }) => assert.ok(promptTokens > 100) },
      undisturbed,
    );
    assert.equal(Math.max(...lm.model.runs.map((run) => run.length)), 50);
  });

  it("begins anew where the state does not help, with one <bos>", async () => {
    lm = await readingModel((vocabSize) => new WellReadModel(vocabSize, 0));
    chatter = new Chatter({ lm, folders: (near) => repository.folders(near) });
    await chatter.answer(
      paramsOf(QUESTION),
      { ...DEAF, onContext: ({ base }) => assert.equal(base.choice, "empty") },
      undisturbed,
    );
    const { bos } = lm.about.tokens;
    const prompt = lm.model.runs.slice(lm.model.runs.findLastIndex((run) => run[0] === bos));
    assert.equal(prompt.flat().filter((token) => token === bos).length, 1);
  });

  it("never shows the model what may not be read, whatever is asked and attached", async () => {
    const attachments = Object.keys(NEVER_READ).map(attachFile);
    const { context, seen } = await ask(`What is area in ${Object.keys(NEVER_READ).join(", ")}?`, { attachments });
    assert.ok(!seen.includes(SECRET), seen);
    assert.ok(!JSON.stringify(context.sources).includes(SECRET));
    assert.equal(context.refusals.length, attachments.length, context.refusals.join("\n"));
    for (const [index, path] of Object.keys(NEVER_READ).entries()) {
      assert.match(context.refusals[index]!, new RegExp(`^${path.replaceAll(".", "\\.")} was not used: .+\\.$`));
    }
    assert.deepEqual(
      context.sources.filter(({ path }) => path in NEVER_READ),
      [],
    );
  });

  it("writes for an endpoint what it would read itself, and nothing of what may not be read; its own model does nothing", async () => {
    const attachments = Object.keys(NEVER_READ).map(attachFile);
    const text = `${QUESTION} And area in ${Object.keys(NEVER_READ).join(", ")}?`;
    const asked = { turns: [{ role: "user", text } as const], useRepository: true, attachments };
    const result = await chatter.messagesFor(asked);
    assert(result.type === "success");
    const [message] = result.messages;
    assert.ok(message!.content.includes("Code in src/shapes.ts:1-4\n```\n/** The area of a rectangle. */"));
    assert.ok(message!.content.endsWith(text));
    assert.ok(!JSON.stringify(result).includes(SECRET));
    assert.equal(result.grounds.refusals.length, attachments.length);
    assert.equal(lm.takeText(), "");
    assert.deepEqual(
      chatter.citationsIn("See src/shapes.ts:3, src/shapes.ts:9 and out/area.js:1.").map(({ text }) => text),
      ["src/shapes.ts:3"],
    );
  });

  it("writes nothing for an endpoint of what is forbidden from now on", async () => {
    const drewOn = [{ folder, path: "src/shapes.ts" }];
    await forbidShapes();
    const turns: ChatTurn[] = [
      { role: "user", text: "the forbidden question" },
      { role: "model", text: "width * height, says shapes.ts", drewOn },
      { role: "user", text: QUESTION },
    ];
    const result = await chatter.messagesFor({ turns, useRepository: true, attachments: [] });
    assert(result.type === "success");
    const sent = JSON.stringify(result.messages);
    assert.ok(!sent.includes("width") && !sent.includes("the forbidden question"), sent);
  });

  it("runs only what is new of the next question", async () => {
    const { context } = await ask(QUESTION);
    const turns: ChatTurn[] = [
      { role: "user", text: QUESTION },
      { role: "model", text: "By multiplying." },
    ];
    const second = await ask([...turns, { role: "user", text: "And the filler?" }]);
    assert.equal(second.context.earlierTurns, 2);
    assert.ok(second.result.reusedTokens > 0);
    assert.ok(second.result.replayedTokens < second.context.promptTokens, `${context.promptTokens}`);
  });

  it("answers alike what is asked for the first time, and otherwise what is asked again at once", async () => {
    lm = await readingModel((vocabSize) => new UndecidedModel(vocabSize, 0));
    const asking = async (question: string) => {
      let answer = "";
      const listener = { ...DEAF, onText: (text: string) => (answer += text) };
      await chatter.answer(paramsOf(question, { maxTokens: 20, useRepository: false }), listener, undisturbed);
      return answer;
    };
    const answers: string[][] = [];
    for (let window = 0; window < 2; window++) {
      chatter = new Chatter({ lm });
      answers.push([await asking("One?"), await asking("One?"), await asking("One?")]);
    }
    assert.deepEqual(answers[0], answers[1]);
    assert.equal(new Set(answers[0]).size, 3);
    await asking("Two?");
    assert.equal(await asking("One?"), answers[0]![0]);
  });

  it("some minutes after the last answer gives back memory: what the next one goes on from stays, a trunk that has changed goes", async () => {
    const timers = new Set<() => void>();
    const after = (delayMs: number, action: () => void) => {
      assert.equal(delayMs, 5 * 60_000);
      timers.add(action);
      return () => void timers.delete(action);
    };
    const passTime = () => {
      const [action, ...others] = timers;
      assert.deepEqual(others, []);
      timers.clear();
      action?.();
    };
    chatter = new Chatter({ lm, folders: (near) => repository.folders(near), after });
    await ask(QUESTION);
    await ask(QUESTION);
    passTime();
    const again = await ask(QUESTION);
    assert.equal(again.result.replayedTokens, 0, "nothing is run again");
    passTime();
    assert.equal(timers.size, 1, "the folder's state is held as long as it is the folder's");
    await forbidShapes();
    passTime();
    assert.equal(timers.size, 0, "there is nothing left to let go");
    const { result } = await ask(QUESTION, { useRepository: false });
    assert.equal(result.reusedTokens, 0);
    passTime();
    assert.equal(timers.size, 0, "the empty state belongs to all");
  });

  it("forgets what is forbidden from now on: the state, the passages, and answers that drew on them", async () => {
    const first = await ask(QUESTION);
    const drewOn = first.context.sources.map(({ folder, path }) => ({ folder: folder!, path }));
    await forbidShapes();
    lm.takeText();
    const turns: ChatTurn[] = [
      { role: "user", text: "the forbidden question" },
      { role: "model", text: "width * height, says shapes.ts", drewOn },
      { role: "user", text: QUESTION },
    ];
    const { context, seen, result } = await ask(turns);
    assert.ok(!seen.includes("width") && !seen.includes("the forbidden question"), seen);
    assert.equal(context.earlierTurns, 0);
    assert.ok(context.sources.every(({ path }) => path !== "src/shapes.ts"));
    assert.equal(result.reusedTokens, 0, "states from before the epoch must not be used");
  });

  it("withholds for now, and does not forget, answers about a folder whose ignore file cannot be read", async () => {
    const folders = (near?: string) => repository.folders(near);
    chatter = new Chatter({ lm, folders, refusalsElsewhere: () => repository.refusalsElsewhere() });
    await writeFiles(folder, { ".griffinignore": UNREADABLE });
    await repository.filesChanged([join(folder, ".griffinignore")]);
    const turns: ChatTurn[] = [
      { role: "user", text: "the first question" },
      { role: "model", text: "width * height", drewOn: [{ folder, path: "src/shapes.ts" }] },
      { role: "user", text: "And now?" },
    ];
    const { seen, context } = await ask(turns);
    assert.ok(!seen.includes("width"), seen);
    assert.deepEqual(context.withheld, { count: 1, isForGood: false });
  });

  it("does not tell the model what was forbidden while the question waited for its turn", async () => {
    let isFirst = true;
    const waiting: ModelAccess = {
      async nextRun() {
        if (!isFirst) return;
        isFirst = false;
        await forbidShapes();
        lm.takeText();
      },
    };
    const { seen } = await ask(QUESTION, {}, waiting);
    assert.ok(seen.includes(QUESTION) && !seen.includes("width"), seen);
  });

  it("forgets an answer that may only repeat one that drew on what is forbidden from now on, and keeps what was said before", async () => {
    const turns: ChatTurn[] = [
      { role: "user", text: "Which language?" },
      { role: "model", text: "TypeScript.", drewOn: [] },
      { role: "user", text: "What is it?" },
      { role: "model", text: "The forbidden product.", drewOn: [{ folder, path: "src/shapes.ts" }] },
      { role: "user", text: "As a table?" },
      { role: "model", text: "| forbidden |", drewOn: [] },
      { role: "user", text: "And now?" },
    ];
    await forbidShapes();
    lm.takeText();
    const { seen } = await ask(turns, { useRepository: false });
    assert.ok(!/forbidden|table/.test(seen), seen);
    const sent = await chatter.messagesFor({ turns, useRepository: false, attachments: [] });
    assert(sent.type === "success");
    assert.deepEqual(
      sent.messages.map(({ content }) => content),
      ["Which language?", "TypeScript.", "And now?"],
    );
  });

  it("forgets answers about a folder that is not read any more", async () => {
    const drewOn = [{ folder, path: "src/shapes.ts" }];
    const turns: ChatTurn[] = [
      { role: "user", text: "the first question" },
      { role: "model", text: "width * height", drewOn },
      { role: "user", text: "And now?" },
    ];
    assert.ok((await ask(turns)).seen.includes("the first question"));
    const reading = { read: false, exclude: [], maxTokens: 1, stateBudgetBytes: 0 };
    await repository.open({ folders: [{ name: "work", path: folder }], repository: reading });
    const { seen, context } = await ask(turns);
    assert.ok(!seen.includes("the first question") && !seen.includes("width"), seen);
    assert.deepEqual([context.sources, context.base.choice], [[], "empty"]);
  });

  it("takes the text of an open file as it stands in the editor", async () => {
    const openText = (_: string, path: string) => (path === "src/main.ts" ? "// not saved yet\n" : undefined);
    chatter = new Chatter({ lm, folders: (near) => repository.folders(near), openText });
    const { seen } = await ask("?", { attachments: [attachFile("src/main.ts")] });
    assert.ok(seen.includes("Code in src/main.ts:1-1\n```\n// not saved yet"), seen);
  });

  it("tells the places before it has its first turn", async () => {
    let places: readonly string[] = [];
    const listener: ChatListener = {
      ...DEAF,
      onFindings: ({ sources }) => {
        places = sources.map(({ path }) => path);
      },
    };
    await assert.rejects(chatter.answer(paramsOf(QUESTION), listener, stoppedAfter(0)), Cancelled);
    assert.equal(places[0], "src/shapes.ts");
  });

  it("ends when its turn is refused", async () => {
    const params = paramsOf(QUESTION, { maxTokens: 400 });
    await assert.rejects(chatter.answer(params, DEAF, stoppedAfter(2)), Cancelled);
  });

  it("ends when a model that was not trained to answer says one line over and over", async () => {
    const line = await lm.tokenizer.encode("the same line\n");
    const loop = new LoopingModel(lm.about.architecture.vocabSize, line);
    const params = paramsOf(QUESTION, { maxTokens: 400, useRepository: false });
    const result = await new Chatter({ lm: { ...lm, model: loop } }).answer(params, DEAF, undisturbed);
    assert(result.type === "success");
    assert.equal(result.finish, "stop");
    assert.ok(result.generatedTokens <= 4 * line.length, `${result.generatedTokens} tokens`);
  });

  it("draws on nothing without the repository", async () => {
    const { context, seen } = await ask(QUESTION, { useRepository: false });
    assert.deepEqual(context.sources, []);
    assert.equal(context.base.choice, "empty");
    assert.ok(!seen.includes("width"));
  });
});

describe("griffin chat", function () {
  // A model is loaded, and reads a folder, in each.
  this.timeout(180_000);
  const ASKED = ["chat", "How is the area computed?", "--max-tokens", "3", "--model", TINY_MODEL];
  const GRIFFIN = [join("dist", "cli.js"), ...ASKED];
  const folder = useTemporaryFolder("all tests");
  const states = useTemporaryFolder("all tests");
  /** What is printed while the folder is read for the first time, and its state saved. */
  let first: { readonly stdout: string; readonly stderr: string };

  before(async () => {
    await writeFiles(folder(), { ...FILES, ...NEVER_READ });
    first = await run(process.execPath, [...GRIFFIN, "--repo", folder(), "--state", states(), "--file", ".env"]);
  });

  it("prints the places, and marks what a model makes of them that was not trained to answer", async () => {
    const { stdout, stderr } = first;
    assert.match(stdout, /^1\. src\/shapes\.ts:1-4\n/);
    assert.match(stdout, /\n\nDraft of the model \(it was not trained to answer questions\):\n/);
    assert.equal(stderr, ".env was not used: its name looks like that of a key, credentials or another secret.\n");
  });

  it("prints one JSON object, and goes on from a saved state", async () => {
    assert.ok((await readdir(states())).length > 0);
    const { stdout } = await run(process.execPath, [...GRIFFIN, "--repo", folder(), "--state", states(), "--json"]);
    const { type, answer, sources, refusals, base, citations, readTokens } = JSON.parse(stdout);
    assert.equal(type, "success");
    assert.equal(typeof answer, "string");
    assert.equal(sources[0].path, "src/shapes.ts");
    assert.deepEqual([refusals, citations], [[], []]);
    assert.ok(base.reason !== "");
    assert.equal(readTokens, 0, "the repository was read again");
    assert.ok(!stdout.includes(SECRET));
  });

  it("says what is wrong with what was asked", async () => {
    await assert.rejects(run(process.execPath, [...GRIFFIN, "--file", "a.ts"]), /give --repo, too/);
    await assert.rejects(
      run(process.execPath, [...GRIFFIN, "--repo", folder("gone")]),
      /griffin: There is no \S+gone\. Check the path\./,
    );
  });
});

// What a completer writes of what the model says, and what the exact memory does in it: with the bundled model's tokenizer, and
// a model that says what a test wants.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import { Documents } from "../../src/engine/documents";
import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import type { Tokenizer } from "../../src/engine/model/tokenizer";
import { undisturbed } from "../../src/engine/modelAccess";
import type { CompleteParams } from "../../src/protocol/engine";
import { bundledTrained, Pupil } from "../support/pupil";

const PATH = "a.ts";
/** `<pad>`, `<unk>` and a reserved token, which the model's description does not name. */
const NAMELESS: readonly TokenId[] = [0, 3, 31];
const PREFIX = "const width = readWidth(argv);\nconst height = readHeight(argv);\n";

interface Asking {
  readonly prefix?: string;
  readonly suffix?: string;
  readonly maxTokens?: number;
  readonly memory?: ExactMemory;
  readonly trained?: LanguageModel["about"];
  readonly trigger?: CompleteParams["trigger"];
  readonly logit?: number;
  readonly blockMs?: number;
  /** When somebody began to wait for what was asked ahead of time; never: Infinity. */
  readonly raisedAt?: number;
  /** For how long whoever asks waits, and whoever waits from `raisedAt` on. */
  readonly withinMs?: number;
  readonly raisedWithinMs?: number;
}

describe("writing a completion", () => {
  let tokenizer: Tokenizer;
  let about: LanguageModel["about"];
  before(async () => {
    ({ tokenizer, about } = await bundledTrained(false));
  });

  /** Asks after `prefix` a model that goes on with `said`; also gives how many tokens it has run of that. */
  async function ask(said: readonly TokenId[], asking: Asking = {}) {
    const { prefix = PREFIX, suffix = "", maxTokens = 50, memory, trigger = "invoke", trained = about } = asking;
    const { blockMs = Infinity, raisedAt, withinMs, raisedWithinMs } = asking;
    const patience = { readingMs: Infinity, blockMs, likelierLineMs: Infinity, pace: { tokenMs: undefined } };
    const identity = { uri: "file:///a.ts", version: 1 };
    const document = new Documents().open({ ...identity, languageId: "typescript", path: PATH, text: prefix + suffix });
    const place = { ...identity, offset: prefix.length, trigger } as const;
    const repository = () => ({ path: PATH, ...(memory && { memory }) });
    const completerOf = (model: Pupil) =>
      new Completer({ lm: { model, tokenizer, about: trained }, repository, patience });
    // The only token that this one writes is never run: it has seen the prompt.
    const reader = new Pupil([], about.architecture.vocabSize);
    await completerOf(reader).complete(document, { ...place, extent: { multiline: true, maxTokens: 1 } }, undisturbed);
    const prompt = reader.seen;
    const pupil = new Pupil([...prompt, ...said], about.architecture.vocabSize, asking.logit);
    const completer = completerOf(pupil);
    const params = { ...place, extent: { multiline: true, maxTokens }, isSpeculative: raisedAt !== undefined };
    const access = { ...undisturbed, raisedAt, withinMs: raisedWithinMs };
    const limited = { ...params, ...(withinMs !== undefined && { withinMs }) };
    const result = await completer.complete(document, limited, access);
    return { result, run: pupil.seen.length - prompt.length, pupil, completer, document, params };
  }

  async function write(said: readonly TokenId[], asking?: Asking) {
    const { result } = await ask(said, asking);
    assert(result.type === "success", JSON.stringify(result));
    return result;
  }

  /** Has read `PREFIX` and `text` in a file. */
  async function memoryOf(path: string, text: string): Promise<ExactMemory> {
    const memory = new ExactMemory();
    memory.setDocument(path, await tokenizer.encode(PREFIX + text));
    while (memory.work());
    return memory;
  }

  it("ends before every control token: what comes after one belongs to another text", async () => {
    const { stop, ...others } = about.tokens;
    for (const control of new Set([...stop, ...Object.values(others), ...NAMELESS])) {
      const said = [...(await tokenizer.encode("area = 12")), control, ...(await tokenizer.encode("34"))];
      assert.equal((await write(said)).text, "area = 12", `${control}`);
    }
  });

  it("says only to somebody who asks what it is not sure of", async () => {
    // Each token that a pupil has learnt has a probability of 31 %.
    const long = await tokenizer.encode("const area = width * height;\n");
    assert.deepEqual((await write(long)).isUnsure, true);
    const { result, run } = await ask(long, { trigger: "automatic" });
    assert.deepEqual(result, { type: "empty", reason: "not sure enough" });
    assert.equal(run, 2, "it ends with the token that makes it unsure");

    const short = [...(await tokenizer.encode("const")), about.tokens.eos];
    const { text, isUnsure } = await write(short, { trigger: "automatic" });
    assert.deepEqual([text, isUnsure], ["const", undefined]);
  });

  it("says that the model ended at once, however unlikely that was", async () => {
    const { result } = await ask([about.tokens.eos], { trigger: "automatic", logit: 1 });
    assert.deepEqual(result, { type: "empty", reason: "the model ended at once" });
  });

  it("writes what it was not sure of again only for somebody who asks, and then to its end", async () => {
    const line = "const area = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    const { result, pupil, completer, document, params } = await ask(said, { trigger: "automatic" });
    const runsOf = async (work: () => Promise<unknown>) => {
      pupil.runs.length = 0;
      await work();
      return pupil.runs.length;
    };
    const again = async () => assert.deepEqual(await completer.complete(document, params, undisturbed), result);
    assert.equal(await runsOf(again), 0);
    const alternatives = () => completer.alternatives(document, params, 60_000, undisturbed);
    const runs = await runsOf(alternatives);
    const asked = await completer.complete(document, { ...params, trigger: "invoke" }, undisturbed);
    assert(asked.type === "success");
    assert.deepEqual([asked.text, asked.isUnsure], [line, true]);
    assert.ok(runs > (await runsOf(alternatives)), "they left a text that was not written to its end");
  });

  it("tells no cost again of what it has kept", async () => {
    const line = "const area = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    const { completer, document, params } = await ask(said, { memory: await memoryOf("b.ts", line) });
    const result = await completer.complete(document, params, undisturbed);
    assert(result.type === "success");
    const { generatedTokens, recalledTokens, draftedTokens } = result.timing;
    assert.deepEqual([generatedTokens, recalledTokens, draftedTokens], [0, 0, 0]);
  });

  it("leaves out the line that the limit of tokens has cut off", async () => {
    const said = await tokenizer.encode("const area = width * height;\nconsole.log(area);\n");
    const { text } = await write(said, { maxTokens: said.length - 4 });
    assert.equal(text, "const area = width * height;");
  });

  it("ends a block with the line that it is in, once it has taken long enough", async () => {
    const block = "const area = width * height;\nconsole.log(area);\nconsole.log(width);";
    const said = [...(await tokenizer.encode(block)), about.tokens.eos];
    assert.equal((await write(said)).text, block);
    const { result, run } = await ask(said, { blockMs: 0 });
    assert.equal(result.type === "success" && result.text, "const area = width * height;");
    assert.ok(run < said.length / 2, `${run} of ${said.length} tokens were run`);
    for (const [raisedAt, text] of [
      [Infinity, block],
      [performance.now(), "const area = width * height;"],
    ] as const) {
      const ahead = await ask(said, { blockMs: 0, raisedAt });
      assert.equal(ahead.result.type === "success" && ahead.result.text, text, "from when somebody waits for it");
    }
  });

  it("ends with the word that it is in, once whoever waits has no use for what comes later", async () => {
    const line = "areaOfTheWholeThing = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    const { result, run, completer, document, params } = await ask(said, { withinMs: 0 });
    assert(result.type === "success");
    assert.deepEqual([result.text, result.isCutShort], ["areaOfTheWholeThing", true]);
    assert.ok(run < said.length, `${run} of ${said.length} tokens were run`);
    const again = await completer.complete(document, params, undisturbed);
    assert(again.type === "success");
    assert.deepEqual([again.text, again.isCutShort], [line, undefined]);
  });

  // What the question said, when somebody last began to wait, and what that one said: is it cut short?
  const limits: readonly [Pick<Asking, "withinMs" | "raisedAt" | "raisedWithinMs">, boolean][] = [
    [{ withinMs: 60_000 }, false],
    [{ withinMs: 0, raisedAt: 0 }, false],
    [{ withinMs: 0, raisedAt: Infinity, raisedWithinMs: 0 }, false],
    [{ raisedAt: 0, raisedWithinMs: 0 }, true],
    [{ withinMs: 60_000, raisedAt: 0, raisedWithinMs: 0 }, true],
  ];
  for (const [limit, isCutShort] of limits) {
    it(`ends ${isCutShort ? "soon" : "where the line ends"} with ${JSON.stringify(limit)}`, async () => {
      const said = [...(await tokenizer.encode("const area = width * height;")), about.tokens.eos];
      assert.equal((await write(said, limit)).isCutShort === true, isCutShort);
    });
  }

  it("recalls other files, and never the file itself: that is older than what stands in the editor", async () => {
    const line = "const area = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    assert.equal((await write(said, { memory: await memoryOf(PATH, line) })).timing.recalledTokens, 0);
    assert.ok((await write(said, { memory: await memoryOf("b.ts", line) })).timing.recalledTokens > 0);
  });

  it("recalls what stands so far below the cursor that the prompt does not hold it", async () => {
    const line = "const area = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    const memory = await memoryOf(PATH, line);
    const { about: trained } = await bundledTrained(true);
    const suffix = `\n${"call();\n".repeat(200)}${PREFIX}${line}\n`;
    assert.ok((await write(said, { suffix, memory, trained })).timing.recalledTokens > 0);
  });

  it("takes several tokens in one run where another file has the line", async () => {
    const line = "const area = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    const { text, timing } = await write(said, { memory: await memoryOf("b.ts", line) });
    assert.equal(text, line);
    assert.ok(timing.draftedTokens > 0, JSON.stringify(timing));
  });

  it("takes several tokens in one run where the file itself has the line, also without a repository", async () => {
    const line = "const area = width * height;";
    const said = [...(await tokenizer.encode(line)), about.tokens.eos];
    const { text, timing } = await write(said, { prefix: `${PREFIX}${line}\n\n${PREFIX}` });
    assert.equal(text, line);
    assert.ok(timing.draftedTokens > 0, JSON.stringify(timing));
  });
});

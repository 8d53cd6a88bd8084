// What a completer writes of what the model says, and what the exact memory does in it: with the bundled model's tokenizer, and
// a model that says what a test wants.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import type { Tokenizer } from "../../src/engine/model/tokenizer";
import { undisturbed } from "../../src/engine/modelAccess";
import type { CompleteParams } from "../../src/protocol/engine";
import { askingAt, openDocument } from "../support/openDocument";
import { bundledTrained, Pupil } from "../support/pupil";
import { withReplaced } from "../support/replaced";

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
  /** Until when whoever asks waits, and whoever waits from `raisedAt` on, where each run of the model takes `RUN_MS`; from 0 on. */
  readonly answerBy?: number;
  readonly raisedAnswerBy?: number;
}

const RUN_MS = 100;

describe("writing a completion", () => {
  let tokenizer: Tokenizer;
  let about: LanguageModel["about"];
  before(async () => {
    ({ tokenizer, about } = await bundledTrained(false));
  });

  /** Asks after `prefix` a model that goes on with `said`; also gives how many tokens it has run of that. */
  async function ask(said: readonly TokenId[], asking: Asking = {}) {
    const { prefix = PREFIX, suffix = "", maxTokens = 50, memory, trigger = "invoke", trained = about } = asking;
    const { blockMs = Infinity, raisedAt, answerBy, raisedAnswerBy } = asking;
    const patience = { readingMs: Infinity, blockMs, betterLineMs: Infinity, pace: { tokenMs: undefined } };
    const document = openDocument(prefix + suffix);
    const asked = (maxTokens: number, others: Partial<CompleteParams> = {}) =>
      askingAt(document, prefix.length, { trigger, extent: { multiline: true, maxTokens }, ...others });
    const repository = () => ({ path: PATH, ...(memory && { memory }) });
    const completerOf = (model: Pupil) =>
      new Completer({ lm: { model, tokenizer, about: trained }, repository, patience });
    // The only token that this one writes is never run: it has seen the prompt.
    const reader = new Pupil([], about.architecture.vocabSize);
    await completerOf(reader).complete(document, asked(1), undisturbed);
    const prompt = reader.seen;
    const pupil = new Pupil([...prompt, ...said], about.architecture.vocabSize, asking.logit);
    const completer = completerOf(pupil);
    const params = asked(maxTokens, { isSpeculative: raisedAt !== undefined });
    const access = { ...undisturbed, raisedAt, answerBy: raisedAnswerBy };
    const limited = { ...params, ...(answerBy !== undefined && { answerBy }) };
    const isTimed = answerBy !== undefined || raisedAnswerBy !== undefined;
    const result = await (isTimed
      ? timed(pupil, () => completer.complete(document, limited, access))
      : completer.complete(document, limited, access));
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

  it("closes a string that the document's language lets go on below", async () => {
    const said = [...(await tokenizer.encode("area")), about.tokens.eos];
    const { text } = await write(said, { prefix: `${PREFIX}const name = \`\n`, suffix: "\nconsole.log(name);\n" });
    assert.equal(text, "area\n`");
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

  describe("for somebody who waits for so long only", () => {
    const line = "areaOfTheWholeThing = width * height;";
    const say = async () => [...(await tokenizer.encode(line)), about.tokens.eos];

    it("ends with a whole word before the run that would be too late", async () => {
      const { result, run, completer, document, params } = await ask(await say(), { answerBy: 8.5 * RUN_MS });
      assert(result.type === "success");
      assert.deepEqual([result.text, result.isCutShort], ["areaOfTheWholeThing = width *", true]);
      assert.ok(run < (await say()).length, `${run} tokens were run`);
      const again = await completer.complete(document, params, undisturbed);
      assert(again.type === "success");
      assert.deepEqual([again.text, again.isCutShort], [line, undefined]);
    });

    it("leaves open what the rest is to close", async () => {
      const template = { prefix: `${PREFIX}const name = \`\n`, suffix: "\nconsole.log(name);\n" };
      const { text, isCutShort } = await write(await say(), { ...template, answerBy: 8.5 * RUN_MS });
      assert.deepEqual([text, isCutShort], ["areaOfTheWholeThing = width *", true]);
    });

    it("takes all that a run has confirmed of a draft", async () => {
      const memory = await memoryOf("b.ts", line);
      const { text } = await write(await say(), { memory, answerBy: 5.5 * RUN_MS });
      assert.equal(text, line);
    });

    // What the question said, when somebody last began to wait, and what that one said: is it cut short?
    const early = 8.5 * RUN_MS;
    const limits: readonly [Pick<Asking, "answerBy" | "raisedAt" | "raisedAnswerBy">, boolean, string][] = [
      [{ answerBy: 1e6 }, false, "there is time for all of it"],
      [{ answerBy: 0 }, false, "it is too late in any case: the next key wants all of it"],
      [{ answerBy: 2 * RUN_MS }, false, "not even a word is whole by then"],
      [{ answerBy: early, raisedAt: 0 }, false, "whoever waits now waits as long as it takes"],
      [
        { answerBy: 1e6, raisedAt: 0, raisedAnswerBy: early },
        true,
        "whoever waits now does not wait as long as the first",
      ],
    ];
    for (const [limit, isCutShort, why] of limits) {
      it(`${isCutShort ? "ends early" : "writes to the end"} where ${why}`, async () => {
        assert.equal((await write(await say(), limit)).isCutShort === true, isCutShort);
      });
    }
  });

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

/** Does something while the clocks show no other time than that of the model's runs. */
async function timed<R>(model: Pupil, work: () => Promise<R>): Promise<R> {
  let ms = 0;
  const forward = model.forward.bind(model);
  model.forward = (...run) => {
    ms += RUN_MS;
    return forward(...run);
  };
  const now = () => ms;
  return withReplaced(performance, { now }, () => withReplaced(Date, { now }, work));
}

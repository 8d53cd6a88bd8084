// What a completion costs after the reading ahead of it was stopped, and what it may draw on after it has waited: with the
// bundled model's tokenizer, and without arithmetic.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import type { MirroredDocument } from "../../src/engine/documents";
import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import type { State } from "../../src/engine/model/state";
import { Cancelled, type ModelAccess, undisturbed } from "../../src/engine/modelAccess";
import type { DocumentOffer, TrunkState } from "../../src/engine/repository/offer";
import { SnippetIndex } from "../../src/engine/snippets/snippetIndex";
import type { CompletionReport } from "../../src/protocol/engine";
import { lastAdvance } from "../support/advances";
import { askingAt, openDocument } from "../support/openDocument";
import { type ReadingModel, readingModel } from "../support/readingModel";
import { stoppedAfter } from "../support/stoppedAfter";
import { WellReadModel } from "../support/wellReadModel";

/** A key waits for no more than its line. */
const LINE_TOKENS = 20;

describe("a completer", () => {
  let lm: ReadingModel;
  let document: MirroredDocument;
  let repository: DocumentOffer | undefined;
  let completer: Completer;

  beforeEach(async () => {
    const runLengths = { chunkTokens: 64, longChunkTokens: 64 };
    lm = await readingModel((vocabSize) => Object.assign(new WellReadModel(vocabSize, 400), { runLengths }));
    document = openDocument(TEXT);
    repository = undefined;
    completer = new Completer({ lm, repository: () => repository });
  });

  /** A state that has read much, and so helps. */
  async function trunkOf(more: Partial<TrunkState> = {}): Promise<TrunkState> {
    const { state } = await lm.model.forward(new Array(500).fill(20), lm.model.emptyState, []);
    return { state, epoch: 0, renewal: 0, ...more };
  }

  /** The cursor rests at the document's end, until so many runs of the model. */
  async function rest(runs = Infinity): Promise<void> {
    try {
      await completer.prepare(document, document.text.length, stoppedAfter(runs));
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }

  function type(inserted: string): void {
    document.change(document.version + 1, [{ offset: document.text.length, deleted: 0, inserted }]);
  }

  function complete(access: ModelAccess = undisturbed, maxTokens = 1): Promise<unknown> {
    // By hand: this model is sure of nothing.
    const params = askingAt(document, document.text.length, { extent: { multiline: true, maxTokens } });
    return completer.complete(document, params, access);
  }

  /** Completes; returns how many tokens somebody waits for, and the state that they come after. */
  async function cost(): Promise<{ tokens: number; base: State | undefined }> {
    lm.model.runs.length = 0;
    const seen = await lastAdvance(complete);
    return { tokens: lm.model.runs.flat().length, base: seen?.base };
  }

  it("writes into an empty file only when somebody asks", async () => {
    document = openDocument("\n");
    const result = await completer.complete(document, askingAt(document, 0, { trigger: "automatic" }), undisturbed);
    assert.deepEqual(result, { type: "empty", reason: "nothing is written yet" });
    assert.equal(lm.model.runs.length, 0);
    await completer.complete(document, askingAt(document, 0), undisturbed);
    assert.ok(lm.model.runs.length > 0);
  });

  it("writes nothing again after a typing error that was taken back, unless words may have been forgotten since", async () => {
    const memoryOf = (key: string) => {
      const memory = new ExactMemory();
      memory.setDocument(key, [1, 2]);
      return memory;
    };
    const memory = memoryOf("b.ts");
    repository = { path: "a.ts", memory };
    const runsOf = async () => {
      lm.model.runs.length = 0;
      await complete(undisturbed, 5);
      return lm.model.runs.length;
    };
    await runsOf();
    type("x = ");
    assert.ok((await runsOf()) > 1);
    document.change(document.version + 1, [{ offset: document.text.length - 4, deleted: 4, inserted: "" }]);
    assert.equal(await runsOf(), 0);
    memory.setDocument("b.ts", [1, 3]);
    assert.equal(await runsOf(), 0, "only other tokens");
    memory.forgetDocument("b.ts");
    assert.ok((await runsOf()) > 1);
    repository = { path: "a.ts", memory: memoryOf("c.ts") };
    assert.ok((await runsOf()) > 1, "the folder was opened anew, by rules that may forbid more");
  });

  /** Whether it writes what `FAR` says after `BEGUN`. */
  async function isFarWritten(): Promise<boolean> {
    const { text } = (await complete(undisturbed, 3)) as { text?: string };
    return text?.startsWith("Of(") === true;
  }

  it("writes what its document says far above, once the cursor has rested there, as long as it still says so", async () => {
    const memory = new ExactMemory();
    memory.setDocument("b.ts", [1, 2]);
    document.change(2, [{ offset: 0, deleted: 0, inserted: FAR }]);
    type(BEGUN);
    assert.equal(await isFarWritten(), false);
    await rest();
    assert.equal(await isFarWritten(), false, "the exact memory is switched off");
    repository = { path: "a.ts", memory };
    await rest();
    assert.equal(await isFarWritten(), true);
    type("O");
    document.change(document.version + 1, [{ offset: document.text.length - 1, deleted: 1, inserted: "" }]);
    assert.equal(await isFarWritten(), true);
    document.change(document.version + 1, [{ offset: 0, deleted: FAR.length, inserted: "" }]);
    assert.equal(await isFarWritten(), false);
  });

  it("writes what its document says far above also after the rest in which the prompt's beginning has moved", async () => {
    const memory = new ExactMemory();
    memory.setDocument("b.ts", [1, 2]);
    repository = { path: "a.ts", memory };
    document.change(2, [{ offset: 0, deleted: 0, inserted: FAR }]);
    await complete();
    type(LINE.repeat(50) + BEGUN);
    await rest();
    assert.equal(await isFarWritten(), true);
  });

  /** The cursor rests after a call of `helperOf`, whose file is told to the repository then. @returns what was read before, and after */
  async function readAround(told: "some" | "all"): Promise<readonly [before: string, after: string]> {
    const snippets = new SnippetIndex();
    repository = { path: "a.ts", snippets };
    let readBefore = "";
    const tellRepository = async (howMuch: "some" | "all") => {
      if (howMuch !== told) return;
      readBefore = lm.takeText();
      await snippets.update("b.ts", HELPER);
    };
    completer = new Completer({ lm, repository: () => repository, tellRepository });
    type("  return helperOf(");
    await rest();
    return [readBefore, lm.takeText()];
  }

  it("tells some of what is open before it makes a prompt, which then need not be read in another form", async () => {
    const [before, after] = await readAround("some");
    assert.equal(before, "");
    assert.equal(after.split("function helperOf").length, 2);
    assert.equal(after.split("  return helperOf").length, 2);
  });

  it("tells all that is open once the prompt is read, before it looks for better snippets", async () => {
    const [before, after] = await readAround("all");
    assert.ok(before.endsWith("  return helperOf"));
    assert.match(after, /function helperOf/);
  });

  it("takes no place in the text for one in the text that an edit has made while it read", async () => {
    // Long enough that its beginning should move.
    document.change(2, [{ offset: 0, deleted: TEXT.length - 3_500, inserted: "" }]);
    const edited: ModelAccess = {
      nextRun: async () => {
        if (document.version === 2) type("x");
      },
    };
    const read = async () => {
      const seen = await lastAdvance(() => completer.prepare(document, document.text.length, edited));
      return { tokens: seen!.tokens.length, start: seen!.start };
    };
    const whole = await read();
    assert.equal(whole.start, 0);
    const next = await read();
    assert.ok(next.start > 0);
    assert.ok(next.tokens < whole.tokens, `${whole.tokens} tokens, and then ${next.tokens}`);
  });

  it("begins at a line's start where another completer's prompt began before the text above was edited", async () => {
    await rest();
    document.change(2, [{ offset: 0, deleted: 0, inserted: "x" }]);
    completer = new Completer({ lm });
    const { start } = (await lastAdvance(() => rest()))!;
    assert.ok(start > 0);
    assert.equal(document.text[start - 1], "\n");
  });

  it("begins from what the repository is when its turn comes, not when it was asked", async () => {
    repository = { path: "a.ts", trunk: await trunkOf() };
    const renewed = await trunkOf({ epoch: 1 });
    const seen = await lastAdvance(() =>
      complete({
        nextRun: async () => {
          repository = { path: "a.ts", trunk: renewed };
        },
      }),
    );
    assert.equal(seen?.base, renewed.state);
  });

  it("reports each snippet as a place that can be opened", async () => {
    const snippet = { path: "src/b.ts", startLine: 9, endLine: 12, text: "const b = 1;", score: 2, reason: "similar" };
    const index = { retrieve: () => [snippet], has: () => true, updateOf: () => 1, linesOf: () => [snippet.text] };
    repository = { folder: "/work", path: "a.ts", snippets: index as unknown as SnippetIndex };
    const reports: CompletionReport[] = [];
    completer = new Completer({ lm, repository: () => repository, onReport: (report) => reports.push(report) });
    await complete();
    const place = { folder: "/work", path: "src/b.ts", startLine: 10, endLine: 12 };
    assert.deepEqual(
      reports.map(({ snippets }) => snippets),
      [[{ ...place, score: 2, reason: "similar" }]],
    );
  });

  it("goes on from where the reading ahead of it was stopped", async () => {
    const { tokens: whole } = await cost();
    for (const runs of [0, 1, 2, 3]) {
      completer = new Completer({ lm });
      lm.model.runs.length = 0;
      await rest(1 + runs);
      assert.equal(lm.model.runs.length, runs);
      const read = lm.model.runs.flat().length;
      assert.equal((await cost()).tokens, whole - read);
    }
  });

  it("comes at once while a better state is being read, wherever that is stopped", async () => {
    const [old, renewed] = [await trunkOf(), await trunkOf({ renewal: 1 })];
    let isRenewed = false;
    for (let runs = 1; !isRenewed; runs += 2) {
      repository = { path: "a.ts", trunk: old };
      completer = new Completer({ lm, repository: () => repository });
      await rest();
      repository = { path: "a.ts", trunk: renewed };
      await rest(runs);
      type("export");
      const { tokens, base } = await cost();
      assert.ok(tokens <= LINE_TOKENS, `${tokens} tokens after ${runs} runs`);
      isRenewed = base === renewed.state;
      assert.ok(isRenewed || base === old.state);
      assert.ok(runs < 40, "the better state is never taken");
      type(";\n");
    }
  });

  it("lets no key wait where the text's beginning moves, if there are rests before", async () => {
    await rest();
    const costs: number[] = [];
    for (let line = 0; line < 120; line++) {
      type(`  const area${line} = width * height + ${line};\n`);
      costs.push((await cost()).tokens);
      // Some rests are too short.
      await rest(line % 3 === 0 ? Infinity : 4);
    }
    assert.ok(document.text.length > TEXT.length + 4_500, "the test shows nothing");
    assert.ok(Math.max(...costs) <= 2 * LINE_TOKENS, `${Math.max(...costs)} tokens`);
  });

  it("counts the repository's state that it begins from among what it keeps, until it begins from another", async () => {
    const [old, renewed] = [await trunkOf(), await trunkOf({ renewal: 1 })];
    const kept = () => [old, renewed].map(({ state }) => completer.places.states.includes(state));
    repository = { path: "a.ts", trunk: old };
    await rest();
    assert.deepEqual(kept(), [true, false]);
    repository = { path: "a.ts", trunk: renewed };
    await rest();
    assert.deepEqual(kept(), [false, true]);
  });

  it("finds the state read that may be used after another was forgotten while it was read", async () => {
    const [old, renewed] = [await trunkOf(), await trunkOf({ epoch: 1 })];
    repository = { path: "a.ts", trunk: old };
    let turns = 0;
    const forgetting: ModelAccess = {
      nextRun: async () => {
        if (++turns === 3) repository = { path: "a.ts", trunk: renewed };
      },
    };
    await completer.prepare(document, document.text.length, forgetting);
    type("export");
    const { tokens, base } = await cost();
    assert.equal(base, renewed.state);
    assert.ok(tokens <= LINE_TOKENS, `${tokens} tokens`);
  });

  it("comes to the better state in rests that are each too short for it", async () => {
    const [old, renewed] = [await trunkOf(), await trunkOf({ renewal: 1 })];
    repository = { path: "a.ts", trunk: old };
    await rest();
    repository = { path: "a.ts", trunk: renewed };
    let rests = 0;
    do {
      assert.ok(rests++ < 5, "nothing of it is kept");
      await rest(7);
      type("x");
    } while ((await cost()).base !== renewed.state);
    assert.ok(rests > 3, "the test shows nothing");
  });
});

const LINE = "export const shapes = [];\n";
const TEXT = LINE.repeat(200);
const FAR = "const width = measureOf(image);\n";
const BEGUN = "const width = measure";
const HELPER = `export function helperOf(shape: Shape): Helper {
  return helpers.get(shape)!;
}
`;

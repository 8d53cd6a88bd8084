// Single lines of a completer, from a model that knows how likely each whole line is: so which is the likeliest is known, too.

import assert from "node:assert/strict";
import { Completer } from "../../src/engine/completion/completer";
import { MOST_UNSETTLED } from "../../src/engine/decoding/generate";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import { Cancelled, type ModelAccess, TooLate, undisturbed } from "../../src/engine/modelAccess";
import { LineModel } from "../support/lineModel";
import { askingAt, openDocument } from "../support/openDocument";
import { bundledTrained } from "../support/pupil";

/** Half of what could come begins with `paint`, in many ways; one line is likelier than each of these. */
const LINES: Readonly<Record<string, number>> = {
  "paint(top, left);": 0.11,
  "paint(left, top);": 0.1,
  "paint(shape, area);": 0.1,
  "paint(width);": 0.1,
  "paint(height);": 0.1,
  "render(scene, camera);": 0.35,
  "return;": 0.14,
};
const LIKELIEST = "render(scene, camera);";
const ABOVE = "const shape = read();\n";

describe("a single line of a completer", () => {
  let lm: Omit<LanguageModel, "model">;
  before(async () => {
    lm = await bundledTrained(false);
  });

  function completing({
    lines = LINES,
    prefix = ABOVE,
    suffix = "\nclose();\n",
    multiline = false,
    fitting = "",
  } = {}) {
    const end = suffix.indexOf("\n");
    const model = new LineModel(lines, lm.tokenizer, lm.about.architecture.vocabSize, { [fitting]: suffix.slice(end) });
    const completer = new Completer({ lm: { ...lm, model } });
    const document = openDocument(prefix + suffix);
    const params = askingAt(document, prefix.length, { extent: { multiline, maxTokens: 40 } });
    const complete = async (access: ModelAccess = undisturbed) => {
      const result = await completer.complete(document, params, access);
      assert(result.type === "success", JSON.stringify(result));
      return result.text;
    };
    return { model, completer, document, params, complete };
  }

  it("is the likeliest one, which begins less likely than another", async () => {
    assert.equal(await completing().complete(), LIKELIEST);
  });

  it("comes with the line that was told on the way, which somebody may have gone on with", async () => {
    const { completer, document, params } = completing();
    let told = "";
    const result = await completer.complete(document, params, undisturbed, (text) => {
      told += text;
    });
    assert(result.type === "success");
    assert.equal(result.streamed, "paint(top, left);");
    assert.ok(told.startsWith(result.streamed), told);
    const again = await completer.complete(document, params, undisturbed);
    assert(again.type === "success" && again.streamed === undefined, "nothing was told this time");
  });

  it("is indented as the editor does where nothing else is, and so is what is told on the way and what could stand there", async () => {
    const lines = Object.fromEntries(Object.entries(LINES).map(([line, share]) => [`    ${line}`, share]));
    const { completer, document, params } = completing({ lines });
    const asked = { ...params, indentUnit: "\t" };
    let told = "";
    const result = await completer.complete(document, asked, undisturbed, (text) => {
      told += text;
    });
    assert(result.type === "success");
    assert.equal(result.text, `\t${LIKELIEST}`);
    assert.equal(result.streamed, "\tpaint(top, left);");
    assert.ok(told.startsWith(result.streamed), told);
    const others = await completer.alternatives(document, asked, 60_000, undisturbed);
    assert.deepEqual(others, { type: "success", texts: ["\treturn;", "\tpaint(top, left);"] });
  });

  it("is the likeliest one in a word that has begun, too", async () => {
    const lines = { "resetAll(top, left);": 0.2, "resetAll(left);": 0.2, "resetAll();": 0.2, "resume(job);": 0.4 };
    assert.equal(await completing({ lines, prefix: `${ABOVE}res` }).complete(), "ume(job);");
  });

  const OPEN = { "if (ready) {": 0.5, "stop();": 0.3, "while (ready) {": 0.2 };
  const TWO = { "paint(top);": 0.6, "paint(left);": 0.4 };
  for (const [what, text, asked] of [
    [
      "the one that what stands below fits, of two that are nearly as likely",
      "paint(left);",
      { fitting: "paint(left);" },
    ],
    ["the likeliest where nothing stands below", "paint(top);", { fitting: "paint(left);", suffix: "\n\n" }],
    [
      "the likeliest where the other is much less likely, however well it fits",
      "paint(top);",
      { lines: { "paint(top);": 0.95, "paint(left);": 0.05 }, fitting: "paint(left);" },
    ],
    [
      "the one that fits with what stands behind the cursor",
      "left",
      { prefix: `${ABOVE}paint(`, suffix: ");\nclose();\n", fitting: "paint(left);" },
    ],
    [
      "the likeliest where that opens what lines of its own may follow",
      "if (ready) {",
      { lines: OPEN, fitting: "stop();" },
    ],
    [
      "one that fits and opens as much as the likeliest",
      "while (ready) {",
      { lines: OPEN, fitting: "while (ready) {" },
    ],
    [
      "the likeliest of which anything is left to offer",
      "paint(top);",
      { lines: { "close();": 0.5, "paint(top);": 0.3, "paint(left);": 0.2 } },
    ],
  ] as const) {
    it(`is ${what}`, async () => {
      assert.equal(await completing({ lines: TWO, prefix: ABOVE, ...asked }).complete(), text);
    });
  }

  for (const [what, betterLineMs, tokenMs, text] of [
    ["the one that fits where there is time to compare", 60_000, 2, "paint(left);"],
    ["the likeliest where somebody has no time for more", 0, undefined, "paint(top);"],
    ["the likeliest where the model would take long to compare", 60_000, 1000, "paint(top);"],
  ] as const) {
    it(`is ${what}`, async () => {
      const { model, document, params } = completing({ lines: TWO, fitting: "paint(left);" });
      const patience = { readingMs: Infinity, blockMs: Infinity, betterLineMs, pace: { tokenMs } };
      const completer = new Completer({ lm: { ...lm, model }, patience });
      const result = await completer.complete(document, { ...params, trigger: "automatic" }, undisturbed);
      assert.equal(result.type === "success" && result.text, text);
    });
  }

  it("is no comment with another file's path, where a model knows files by such a one", async () => {
    const asked = { lines: { "// src/next.ts": 0.9, "return;": 0.1 }, suffix: "" };
    const { completer, document, params } = completing(asked);
    const result = await completer.complete(document, params, undisturbed);
    assert.deepEqual(result, { type: "empty", reason: "nothing worth showing" });
  });

  it("has for alternatives what was written on the way, and what leaves it elsewhere", async () => {
    const { completer, document, params, complete } = completing();
    await complete();
    const result = await completer.alternatives(document, params, 60_000, undisturbed);
    assert.deepEqual(result, { type: "success", texts: ["return;", "paint(top, left);"] });
  });

  it("is asked for as what it is where somebody wants alternatives first, and is known from then on", async () => {
    const { model, completer, document, params, complete } = completing();
    await completer.alternatives(document, params, 60_000, undisturbed);
    model.runs.length = 0;
    assert.equal(await complete(), LIKELIEST);
    assert.deepEqual(model.runs, []);
  });

  it("has only whole lines for alternatives, however soon their time is over", async () => {
    for (let runs = 1; runs < 24; runs++) {
      const { completer, document, params } = completing();
      let left = runs;
      const short: ModelAccess = {
        nextRun: async () => {
          if (left-- <= 0) throw new TooLate();
        },
      };
      const hurried = await completer.alternatives(document, params, 60_000, short);
      const whole = await completer.alternatives(document, params, 60_000, undisturbed);
      assert(hurried.type === "success" && whole.type === "success");
      assert.deepEqual(whole.texts, ["return;", "paint(top, left);"], `after ${runs} runs`);
      assert.deepEqual(hurried.texts, whole.texts.slice(0, hurried.texts.length), `after ${runs} runs`);
    }
  });

  it("costs next to nothing to accept", async () => {
    const { model, completer, document, params, complete } = completing();
    const text = await complete();
    document.change(2, [{ offset: params.offset, deleted: 0, inserted: text }]);
    model.runs.length = 0;
    await completer.complete(document, { ...params, version: 2, offset: params.offset + text.length }, undisturbed);
    // Where few tokens differ, states are not made for each.
    assert.ok(model.runs[0]!.length <= MOST_UNSETTLED + 1, JSON.stringify(model.runs));
  });

  it("costs next to nothing to accept where a word of several tokens was written again for it", async () => {
    const word = "getElementsByTagNameNS";
    const lines = { [`document.${word}Now(paint);`]: 0.9, [`document.${word}();`]: 0.1 };
    for (const multiline of [false, true]) {
      const { model, completer, document, params, complete } = completing({
        lines,
        prefix: `${ABOVE}document.${word}`,
        multiline,
      });
      const text = await complete();
      assert.equal(text, "Now(paint);");
      document.change(2, [{ offset: params.offset, deleted: 0, inserted: text }]);
      model.runs.length = 0;
      await completer.complete(document, { ...params, version: 2, offset: params.offset + text.length }, undisturbed);
      assert.ok(model.runs[0]!.length <= 2, JSON.stringify(model.runs));
    }
  });

  it("is not lost for the alternatives that are written beside it", async () => {
    const { model, completer, document, params, complete } = completing();
    const text = await complete();
    await completer.alternatives(document, params, 60_000, undisturbed);
    document.change(2, [{ offset: params.offset, deleted: 0, inserted: text }]);
    model.runs.length = 0;
    await completer.complete(document, { ...params, version: 2, offset: params.offset + text.length }, undisturbed);
    assert.ok(model.runs[0]!.length <= MOST_UNSETTLED + 1, JSON.stringify(model.runs));
  });

  it("is looked for from where each line leaves the others, in few runs of one token", async () => {
    const { model, complete } = completing();
    await complete();
    const written = model.runs.slice(1).filter((run) => run.length <= MOST_UNSETTLED + 1);
    assert.ok(written.length <= 8 + 16 + 4, `${written.length} runs`);
    const compared = model.runs.slice(1).filter((run) => run.length > MOST_UNSETTLED + 1);
    assert.ok(compared.length <= 5, JSON.stringify(compared));
    for (const run of compared) assert.ok(run.length <= 24, JSON.stringify(run));
  });

  it("is the same after the search was cancelled at any run, and leaves right states", async () => {
    const expected = await completing({ multiline: false }).complete();
    for (let runs = 1; runs < 24; runs++) {
      const { complete } = completing();
      let left = runs;
      const access = {
        nextRun: async () => {
          if (left-- === 0) throw new Cancelled("the user types");
        },
      };
      await complete(access).catch((error) => assert.ok(error instanceof Cancelled));
      assert.equal(await complete(), expected, `cancelled after ${runs} runs`);
    }
  });
});

// Files with a gap: the engine puts before the model what training did, id by id (training/fixtures/make_gap_golden.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Completer } from "../../src/engine/completion/completer";
import { Documents } from "../../src/engine/documents";
import type { LanguageModel } from "../../src/engine/model/languageModel";
import type { TokenId } from "../../src/engine/model/model";
import type { Tokenizer } from "../../src/engine/model/tokenizer";
import { undisturbed } from "../../src/engine/modelAccess";
import { bundledTrained, Pupil } from "../support/pupil";

interface Gap {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly middle: string;
  /** Of the whole example, without `<bos>`. */
  readonly ids: readonly TokenId[];
}

const GAPS: readonly Gap[] = JSON.parse(readFileSync("test/fixtures/gaps.json", "utf8"));

describe("a file with a gap", () => {
  let tokenizer: Tokenizer;
  let about: LanguageModel["about"];
  before(async () => {
    ({ tokenizer, about } = await bundledTrained(true));
  });

  async function completed(
    lesson: readonly TokenId[],
    { path, prefix, suffix }: Omit<Gap, "middle" | "ids">,
    { languageId = "text", cellRest }: { languageId?: string; cellRest?: number } = {},
  ) {
    const model = new Pupil(lesson, about.architecture.vocabSize);
    const completer = new Completer({ lm: { model, tokenizer, about } });
    const identity = { uri: "file:///a", version: 1 };
    const document = new Documents().open({ ...identity, languageId, path, text: prefix + suffix });
    const extent = { multiline: true, maxTokens: 200 };
    const given = { ...identity, offset: prefix.length, trigger: "invoke", extent } as const;
    const params = cellRest === undefined ? given : { ...given, cellRest };
    return { model, result: await completer.complete(document, params, undisturbed) };
  }

  it("is told no more of a long file than the model has learnt to look back over", async () => {
    const line = "a line of a long file\n";
    const { model } = await completed([], { path: "a.txt", prefix: line.repeat(1000), suffix: line.repeat(1000) });
    const { fimSuffix, fimPrefix } = about.tokens;
    const [suffixAt, prefixAt] = [model.seen.indexOf(fimSuffix!), model.seen.indexOf(fimPrefix!)];
    assert.equal(
      tokenizer.decode(model.seen.slice(suffixAt + 1, prefixAt)),
      line.repeat(Math.floor(800 / line.length)),
    );
    assert.equal(tokenizer.decode(model.seen.slice(prefixAt + 1)), line.repeat(Math.floor(2000 / line.length)));
  });

  it("in a notebook's cell may say what the next cell says, in a file of the cell's language", async () => {
    const place = { path: "a.ipynb", prefix: "df = load()\n", suffix: "\n\ndf.head()\n" };
    const notebook = { languageId: "python", cellRest: 0 };
    const { seen } = (await completed([], place, notebook)).model;
    const prompt = seen.slice(0, seen.indexOf(about.tokens.fimPrefix!) + 1);
    assert.match(tokenizer.decode(prompt), /a\.py\n/);
    const lesson = [...prompt, ...(await tokenizer.encode(`${place.prefix}df.head()`)), about.tokens.eos];
    const { result } = await completed(lesson, place, notebook);
    assert.equal(result.type === "success" && result.text, "df.head()");
    assert.equal((await completed(lesson, place, { languageId: "python" })).result.type, "empty");
  });

  for (const [index, { path, prefix, suffix, middle, ids }] of GAPS.entries()) {
    it(`${index}: ${path}, ${JSON.stringify(prefix.slice(-20))} | ${JSON.stringify(suffix.slice(0, 20))}`, async () => {
      const lesson = [about.tokens.bos, ...ids];
      const { model, result } = await completed(lesson, { path, prefix, suffix });

      assert.deepEqual(model.seen, lesson.slice(0, model.seen.length));
      const text = result.type === "success" ? result.text : "";
      // Of several lines the filters may keep the first ones only; the model's own end is kept on a line.
      const isWhole = text === middle.trimEnd();
      assert.ok(isWhole || (middle.includes("\n") && middle.startsWith(text) && text !== ""), text);
      if (isWhole) assert.ok(model.seen.length >= lesson.length - 2, "<eos> was not waited for");
    });
  }
});

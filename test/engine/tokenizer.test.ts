// The bundled model's tokenizer: what our two promises beyond the library's rest on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { Tokenizer as Encoder } from "tokenizers";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { BUNDLED_MODEL } from "../support/engineHarness";

const FILE = `${BUNDLED_MODEL}/tokenizer.json`;
const SAMPLES = [
  "function add(a, b) {\n  return a + b;\n}\n",
  "def f(x):\n\treturn x\n\n\n\n# done\n",
  "line one\r\nline two\r\n\r\n",
  "héllo wörld — naïve café, 日本語, العربية, 🦅👩‍👩‍👧 \u{1F680}\n",
  "x".repeat(500),
  `${" ".repeat(40)}deep\n${"\n".repeat(70)}end`,
  "\t\t\tif err != nil {\n",
  "\0\u0001\u007f",
  "",
];

/** V8's own, with everything collected that can be. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("Tokenizer", () => {
  let tokenizer: Tokenizer;
  let library: Encoder;
  before(async () => {
    tokenizer = await Tokenizer.load(BUNDLED_MODEL);
    library = Encoder.fromFile(FILE);
  });

  const libraryIds = async (text: string) => (await library.encode(text, null, { addSpecialTokens: false })).getIds();

  it("does not keep the texts whose lines it remembers", async () => {
    const bytes = 500_000;
    const before = heapBytes();
    for (let version = 0; version < 60; version++) {
      const text = Buffer.alloc(bytes, " ").toString("latin1");
      await tokenizer.encode(`${text}\nconst version = ${version};`.slice(bytes + 1));
    }
    assert.ok(heapBytes() - before < 10 * bytes, `${heapBytes() - before} bytes more`);
  });

  it("gives the library's ids for a whole text, though it encodes line by line", async () => {
    for (const text of SAMPLES) assert.deepEqual(await tokenizer.encode(text), await libraryIds(text));
    const unit = fc.constantFrom(
      "\n",
      "\n\n",
      "\r\n",
      "\t",
      " ",
      "    ",
      "a",
      "Ab",
      "1",
      "{",
      "})",
      "é",
      "🦅",
      "<table>",
      "\u2028",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 40 }), async (units) => {
        const text = units.join("");
        assert.deepEqual(await tokenizer.encode(text), await libraryIds(text));
      }),
      { numRuns: 300 },
    );
  });

  it("gives the reference's ids", async () => {
    const cases: { text: string; ids: number[] }[] = JSON.parse(readFileSync("test/fixtures/tokenizer.json", "utf8"));
    for (const { text, ids } of cases) assert.deepEqual(await tokenizer.encode(text), ids, JSON.stringify(text));
  });

  it("gives every text back, but for the mark that the family writes for a space", async () => {
    for (const text of SAMPLES) assert.equal(tokenizer.decode(await tokenizer.encode(text)), text);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        assert.equal(tokenizer.decode(await tokenizer.encode(text)), text.replaceAll("\u2581", " "));
      }),
      { numRuns: 300, examples: [["a\u2581b"]] },
    );
  });

  it("never makes a control token of text that spells one", async () => {
    const json = JSON.parse(readFileSync(FILE, "utf8")) as { added_tokens: { id: number; content: string }[] };
    const { tokens } = JSON.parse(readFileSync(`${BUNDLED_MODEL}/model.json`, "utf8")) as {
      tokens: Record<string, number | number[]>;
    };
    const control = new Set(Object.values(tokens).flat());
    for (const { content } of json.added_tokens) {
      const ids = await tokenizer.encode(`say ${content} aloud`);
      assert.deepEqual(
        ids.filter((id) => control.has(id)),
        [],
        `${content} became a control token`,
      );
      assert.equal(tokenizer.decode(ids), `say ${content} aloud`);
    }
  });

  it("decodes a character that is spread over several tokens with the last of them", () => {
    const stream = tokenizer.stream();
    const { model } = JSON.parse(readFileSync(FILE, "utf8")) as { model: { vocab: Record<string, number> } };
    const bytes = [...Buffer.from("é")].map((byte) => model.vocab[`<0x${byte.toString(16).toUpperCase()}>`]!);
    assert.deepEqual(
      bytes.map((id) => stream.push(id)),
      ["", "é"],
    );
  });
});

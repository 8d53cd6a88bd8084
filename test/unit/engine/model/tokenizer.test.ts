import assert from "node:assert/strict";
import { Tokenizer } from "../../../../src/engine/model/tokenizer";

/** Of these tokens, and those that were added to them. */
function tokenizerOf(spellings: readonly string[], added: readonly string[]): Tokenizer {
  const all = ["<unk>", ...spellings, ...added];
  const vocab = Object.fromEntries(all.map((spelling, id) => [spelling, id]));
  const flags = { special: false, single_word: false, lstrip: false, rstrip: false, normalized: false };
  return Tokenizer.fromJson({
    ...{ version: "1.0", truncation: null, padding: null, pre_tokenizer: null, post_processor: null, decoder: null },
    normalizer: { type: "Replace", pattern: { String: " " }, content: "\u2581" },
    added_tokens: added.map((content) => ({ id: vocab[content]!, content, ...flags })),
    model: { type: "BPE", byte_fallback: true, unk_token: "<unk>", vocab, merges: [] },
  } as never);
}

describe("a tokenizer's vocabulary", () => {
  const cases: [spelling: string, isAdded: boolean, text: string][] = [
    ["<eos>", false, ""],
    ["<unused7>", true, ""],
    ["<|reserved_0|>", false, ""],
    ["[@BOS@]", true, ""],
    ["[i]", false, "[i]"],
    ["<table>", true, "<table>"],
  ];
  for (const [spelling, isAdded, text] of cases) {
    it(`takes ${isAdded ? "the added" : "its own"} token ${spelling} for ${text === "" ? "a control token" : "text"}`, () => {
      const tokenizer = tokenizerOf(isAdded ? [] : [spelling], isAdded ? [spelling] : []);
      assert.equal(tokenizer.decode([1]), text);
    });
  }
});

// tools/randomCheckpoint.mjs stands in for Google's checkpoints, so it must have their shapes and control tokens.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parseCheckpointConfig } from "../../../../src/engine/convert/config";
import { expectedTensors } from "../../../../src/engine/convert/tensors";
import { elementCount } from "../../../../src/engine/model/safetensors";
import { Tokenizer } from "../../../../src/engine/model/tokenizer";
import { configText, hubConfig, type Size } from "../../../../tools/randomCheckpoint/config";
import { padTokenizer } from "../../../../tools/randomCheckpoint/tokenizer";

const WHOLE = { layers: undefined, vocabulary: undefined };

describe("random checkpoints", () => {
  // The technical report's counts.
  for (const [size, tensors, parameters] of [
    ["2b", 484, 2_682_862_080],
    ["9b", 704, 8_579_977_216],
  ] as [Size, number, number][]) {
    it(`have ${size}'s tensors and parameters`, () => {
      const expected = expectedTensors(parseCheckpointConfig(hubConfig(size, WHOLE)).architecture);
      assert.equal(expected.length, tensors);
      assert.equal(
        expected.reduce((sum, { shape }) => sum + elementCount(shape), 0),
        parameters,
      );
    });
  }

  it("can be smaller", () => {
    const { architecture } = parseCheckpointConfig(hubConfig("9b", { layers: "3", vocabulary: "50000" }));
    assert.equal(architecture.layers.length, 3);
    assert.equal(architecture.vocabSize, 50000);
    assert.throws(() => hubConfig("9b", { ...WHOLE, layers: "many" }), /many is no count/);
  });

  it("say fractions as the hub's files do, where Python tells 30.0 from 30", () => {
    const config = hubConfig("2b", { ...WHOLE, layers: "2" });
    const text = configText(config);
    for (const line of ['"logits_soft_cap": 30.0,', '"rope_theta": 10000.0,', '"attention_dropout": 0.0,'])
      assert.ok(text.includes(` ${line}\n`), line);
    assert.match(text, /"final_w_init_variance_scale": 1\.0,\n/);
    assert.match(text, /"attention_window_size": 2048,\n/);
    assert.deepEqual(JSON.parse(text), config);
  });

  it("have a tokenizer with Gemma's control tokens that spells every id, and encodes as before", async () => {
    const bundled = await readFile("models/griffin-code-small/tokenizer.json", "utf8");
    const padded = padTokenizer(JSON.parse(bundled), 60_000);
    const ids = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"].map((content) => {
      return padded.added_tokens.find((token) => token.content === content)?.id;
    });
    assert.deepEqual(ids, [0, 1, 2, 3, 106, 107]);

    const tokenizer = Tokenizer.fromJson(padded as never);
    assert.equal(tokenizer.vocabulary.size, 60_000);
    assert.match(tokenizer.decode([59_999]), /^ [a-z]{6}$/);
    const text = "for (const word of words) {\n  <start_of_turn>\n";
    const encoded = await tokenizer.encode(text);
    assert.deepEqual(encoded, await Tokenizer.fromJson(JSON.parse(bundled)).encode(text));
    assert.equal(tokenizer.decode(encoded), text);
    assert.throws(() => padTokenizer(JSON.parse(bundled), 1000), /--vocabulary 1000 is too small/);
  });
});

import assert from "node:assert/strict";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCheckpointConfig } from "../../../../src/engine/convert/config";
import { describeModel } from "../../../../src/engine/convert/describe";
import { useTemporaryFolder } from "../../../support/temporaryFolder";

const CONFIG = {
  ...{ model_type: "recurrent_gemma", hidden_size: 2560, intermediate_size: 15360, num_attention_heads: 10 },
  ...{ num_hidden_layers: 26, head_dim: 256, num_key_value_heads: 1, vocab_size: 256000 },
};
/** As Gemma's first tokenizer has them. */
const CONTROL = { "<pad>": 0, "<eos>": 1, "<bos>": 2, "<unk>": 3, "<start_of_turn>": 106, "<end_of_turn>": 107 };
const TOKENIZER = { added_tokens: Object.entries(CONTROL).map(([content, id]) => ({ id, content, special: true })) };

describe("a converted model's description", () => {
  const root = useTemporaryFolder("all tests");

  async function describeFolder(name: string, files: Record<string, object>, config: object = CONFIG) {
    const folder = root(name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const [file, json] of Object.entries(files)) await writeFile(join(folder, file), JSON.stringify(json));
    return describeModel(folder, await readdir(folder), parseCheckpointConfig(config));
  }

  const GEMMA_TOKENS = { bos: 2, eos: 1, stop: [1, 107], startOfTurn: 106, endOfTurn: 107 };

  it("knows an instruction-tuned checkpoint by its chat template", async () => {
    const template = { "tokenizer.json": TOKENIZER, "tokenizer_config.json": { chat_template: "{{ messages }}" } };
    const described = await describeFolder("my-model", template);
    assert.equal(described.displayName, "my-model (RecurrentGemma 2B)", "no other may seem to be Google's");
    assert.equal(described.trained.instructions, true);
    assert.deepEqual(described.tokens, GEMMA_TOKENS);
    assert.equal(described.license, "Gemma Terms of Use");
    for (const without of [{}, { chat_template: null }]) {
      const other = await describeFolder("other", { ...template, "tokenizer_config.json": without });
      assert.equal(other.trained.instructions, false);
    }
  });

  it("knows Google's own by their names, whatever else their files say", async () => {
    const files = { "tokenizer.json": TOKENIZER, "tokenizer_config.json": {} };
    const tuned = await describeFolder("recurrentgemma-2b-it", files);
    assert.equal(tuned.trained.instructions, true);
    assert.equal(tuned.displayName, "RecurrentGemma 2B Instruct");
    for (const folder of ["recurrentgemma-2b", "models--google--recurrentgemma-2b/snapshots/195f13c"]) {
      const base = await describeFolder(folder, { ...files, "tokenizer_config.json": { chat_template: "x" } });
      assert.equal(base.trained.instructions, false);
      assert.equal(base.displayName, "RecurrentGemma 2B");
      assert.deepEqual(base.tokens, GEMMA_TOKENS, "a base model may write them, too");
    }
  });

  it("takes the end of a text from the tokenizer, and stops at whatever fine-tuning has made of it, too", async () => {
    const tokensWith = async (eos: unknown) => {
      const files = { "tokenizer.json": TOKENIZER };
      return (await describeFolder("tuned", files, { ...CONFIG, eos_token_id: eos })).tokens;
    };
    assert.deepEqual(await tokensWith(107), GEMMA_TOKENS);
    assert.deepEqual(await tokensWith([1, 107]), GEMMA_TOKENS);
    assert.deepEqual(await tokensWith([107, 50]), { ...GEMMA_TOKENS, stop: [1, 107, 50] });
    const other = { added_tokens: TOKENIZER.added_tokens.filter(({ content }) => !content.includes("eos")) };
    const described = await describeFolder("other", { "tokenizer.json": other }, { ...CONFIG, eos_token_id: [7, 8] });
    assert.deepEqual(described.tokens, { ...GEMMA_TOKENS, eos: 7, stop: [7, 107, 8] });
  });

  it("knows Gemma's ids without a tokenizer", async () => {
    assert.deepEqual((await describeFolder("bare", {})).tokens, GEMMA_TOKENS);
  });

  it("takes however many added tokens there are", async () => {
    const added = Array.from({ length: 200_000 }, (_, id) => ({ id: id + 1000, content: `<${id}>`, special: false }));
    const tokenizer = { added_tokens: [...TOKENIZER.added_tokens, ...added] };
    const described = await describeFolder("other", { "tokenizer.json": tokenizer });
    assert.deepEqual(described.tokens, GEMMA_TOKENS);
  });
});

import assert from "node:assert/strict";
import { parseCheckpointConfig } from "../../../../src/engine/convert/config";

/** google/recurrentgemma-2b's config.json, as far as it says something about the mathematics. */
const google2b = {
  model_type: "recurrent_gemma",
  _block_types: ["recurrent", "recurrent", "attention"],
  attention_bias: false,
  attention_window_size: 2048,
  bos_token_id: 2,
  conv1d_width: 4,
  embeddings_scale_by_sqrt_dim: true,
  eos_token_id: 1,
  head_dim: 256,
  hidden_activation: "gelu_pytorch_tanh",
  hidden_size: 2560,
  intermediate_size: 15360,
  logits_soft_cap: 30.0,
  lru_width: 2560,
  num_attention_heads: 10,
  num_hidden_layers: 26,
  num_key_value_heads: 1,
  partial_rotary_factor: 0.5,
  rms_norm_eps: 1e-6,
  rope_theta: 10000.0,
  vocab_size: 256000,
};

/** The architecture after `changes`; a key that is changed to undefined is absent. */
function parse(changes: Record<string, unknown> = {}) {
  const config = Object.entries({ ...google2b, ...changes }).filter(([, value]) => value !== undefined);
  return parseCheckpointConfig(Object.fromEntries(config));
}

describe("checkpoint config", () => {
  it("reads RecurrentGemma 2B", () => {
    const { architecture, bos, ends } = parse();
    assert.deepEqual([bos, ends], [2, [1]]);
    assert.equal(architecture.embeddingScale, 50.5, "the square root of 2560 in bfloat16");
    assert.equal(architecture.logitsSoftCap, 30);
    assert.equal(architecture.layers.length, 26);
    const attention = architecture.layers.flatMap((layer, i) => (layer.temporal === "attention" ? [i] : []));
    assert.deepEqual(attention, [2, 5, 8, 11, 14, 17, 20, 23]);
    assert.deepEqual(architecture.layers[2], {
      ...{ temporal: "attention", numHeads: 10, headDim: 256, window: 2048, ropeBase: 10000, ropeDims: 128 },
      ...{ queryScale: 1 / 16, queryKeyNorm: false, outputBias: true, sink: "none" },
      ...{ postNorms: false, mlpWidth: 7680, mlpBias: true },
    });
    assert.deepEqual(architecture.layers[25], {
      ...{ temporal: "recurrent", lruWidth: 2560, numGateBlocks: 10, convWidth: 4 },
      ...{ postNorms: false, mlpWidth: 7680, mlpBias: true },
    });
  });

  it("reads the other spellings as the same model", () => {
    const expected = parse();
    const spellings: Record<string, unknown>[] = [
      { _block_types: undefined, block_types: ["recurrent", "recurrent", "attention"] },
      { _block_types: undefined },
      { embeddings_scale_by_sqrt_dim: undefined },
      { lru_width: null },
      { head_dim: undefined },
      { rope_theta: undefined, partial_rotary_factor: undefined },
      {
        ...{ rope_theta: undefined, partial_rotary_factor: undefined },
        rope_parameters: { rope_type: "default", rope_theta: 10000, partial_rotary_factor: 0.5 },
      },
      { logits_soft_cap: undefined, rms_norm_eps: undefined, attention_window_size: undefined },
      { torch_dtype: "bfloat16", some_training_option: 7 },
    ];
    for (const spelling of spellings) assert.deepEqual(parse(spelling), expected, JSON.stringify(spelling));
  });

  it("takes one token that ends a text, or several", () => {
    assert.deepEqual(parse({ eos_token_id: 107 }).ends, [107]);
    assert.deepEqual(parse({ eos_token_id: [1, 107] }).ends, [1, 107]);
    assert.deepEqual(parse({ eos_token_id: null }).ends, [1]);
  });

  it("lets rope_parameters win over the old keys", () => {
    const layer = parse({ rope_parameters: { rope_theta: 5000, partial_rotary_factor: 0.25 } }).architecture.layers[2];
    assert(layer?.temporal === "attention");
    assert.deepEqual([layer.ropeBase, layer.ropeDims], [5000, 64]);
  });

  it("knows models without a scale or a cap", () => {
    assert.equal(parse({ embeddings_scale_by_sqrt_dim: false }).architecture.embeddingScale, 1);
    assert.equal(parse({ logits_soft_cap: null }).architecture.logitsSoftCap, null);
    assert.equal(parse({ logits_soft_cap: 0 }).architecture.logitsSoftCap, null);
  });

  it("refuses by name what the engine does not compute", () => {
    const cases: [changes: Record<string, unknown>, message: RegExp][] = [
      [{ model_type: "gemma3_text" }, /model_type is "gemma3_text"; .* needs "recurrent_gemma"/],
      [{ num_key_value_heads: undefined }, /num_key_value_heads is missing; .* needs 1/],
      [{ num_key_value_heads: 10 }, /num_key_value_heads is 10/],
      [{ hidden_activation: "relu" }, /hidden_activation is "relu"/],
      [{ attention_bias: true }, /attention_bias is true/],
      [{ tie_word_embeddings: false }, /tie_word_embeddings is false/],
      [{ rope_scaling: { factor: 2 } }, /rope_scaling is \{"factor":2\}/],
      [{ rope_parameters: { rope_type: "yarn" } }, /rope_parameters: rope_type is "yarn"/],
      [{ quantization_config: { bits: 4 } }, /quantization_config/],
      [{ _block_types: ["recurrent", "mamba"] }, /_block_types is \["recurrent","mamba"\]/],
      [{ _block_types: [] }, /_block_types is \[\]/],
      [{ head_dim: 128 }, /head_dim is 128/],
      [{ hidden_size: undefined }, /hidden_size is missing/],
      [{ hidden_size: "2560" }, /hidden_size is "2560"/],
      [{ num_hidden_layers: 2.5 }, /num_hidden_layers is 2.5; .* a whole number/],
      [{ num_hidden_layers: 4e9 }, /num_hidden_layers is 4000000000; .* at most 1000/],
      [{ intermediate_size: 15361 }, /mlpWidth must be a whole number/],
      [{ lru_width: 2561 }, /lruWidth \(2561\) is not a multiple/],
      [{ bos_token_id: -1 }, /bos_token_id is -1/],
      [{ eos_token_id: [1, "x"] }, /eos_token_id is \[1,"x"\]; .* a token id, or a list of them/],
      [{ eos_token_id: [] }, /eos_token_id is \[\]/],
    ];
    for (const [changes, message] of cases) assert.throws(() => parse(changes), message, JSON.stringify(changes));
    assert.throws(() => parseCheckpointConfig([]), /config.json is not an object/);
  });
});

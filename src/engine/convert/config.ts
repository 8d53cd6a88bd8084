// What a Hugging Face config.json of RecurrentGemma says, as an architecture. Knows no files and no tensors.
//
// Several spellings are in the wild: google's own 2B and 9B differ, and transformers has moved keys since. A value that
// would change the mathematics in a way that the engine lacks is refused by name. Keys that say nothing about the
// mathematics (training, versions, caches) are left alone.

import { isCount, isObject } from "../../text/json";
import {
  type Architecture,
  type AttentionLayer,
  type Layer,
  parseArchitecture,
  type RecurrentLayer,
} from "../model/architecture";
import { roundToBfloat16 } from "./floats";

export interface CheckpointConfig {
  readonly architecture: Architecture;
  readonly bos: number;
  /** A text ends at any of these. */
  readonly ends: readonly number[];
}

/** Reads config.json's content. Throws an Error that names the key that is wrong. */
export function parseCheckpointConfig(json: unknown): CheckpointConfig {
  const config = new Config(json);
  config.mustBe("model_type", "recurrent_gemma");
  for (const [key, values] of Object.entries(ONLY)) config.mustBe(key, ...values);
  const rope = config.section("rope_parameters");
  rope.mustBe("rope_type", "default", undefined);

  const hiddenSize = config.count("hidden_size");
  const numHeads = config.count("num_attention_heads");
  const headDim = config.count("head_dim", hiddenSize / numHeads);
  if (headDim * numHeads !== hiddenSize) throw config.wrong("head_dim", `hidden_size / num_attention_heads`);
  const base = {
    postNorms: false,
    mlpWidth: config.count("intermediate_size") / 2, // Hugging Face counts gate and up together.
    mlpBias: true,
  };
  const attention: AttentionLayer = {
    temporal: "attention",
    numHeads,
    headDim,
    // DeepMind's model, which made the weights, sees this many tokens besides the query itself. Hugging Face's sees
    // one less.
    window: config.count("attention_window_size", 2048),
    ropeBase: rope.number("rope_theta", config.number("rope_theta", 10000)),
    ropeDims: headDim * rope.number("partial_rotary_factor", config.number("partial_rotary_factor", 0.5)),
    queryScale: headDim ** -0.5,
    queryKeyNorm: false,
    outputBias: true,
    sink: "none",
    ...base,
  };
  const recurrent: RecurrentLayer = {
    temporal: "recurrent",
    lruWidth: config.count("lru_width", hiddenSize),
    numGateBlocks: numHeads,
    convWidth: config.count("conv1d_width", 4),
    ...base,
  };
  const pattern = blockTypes(config);
  const layerCount = config.count("num_hidden_layers");
  if (layerCount > MOST_LAYERS) throw config.wrong("num_hidden_layers", `at most ${MOST_LAYERS}`);
  const layers = Array.from(
    { length: layerCount },
    (_, index): Layer => (pattern[index % pattern.length] === "attention" ? attention : recurrent),
  );
  const scaled = config.flag("embeddings_scale_by_sqrt_dim", true);
  return {
    // Read back as the engine will read it: what is odd or does not divide is refused now.
    architecture: parseArchitecture({
      hiddenSize,
      vocabSize: config.count("vocab_size"),
      rmsNormEpsilon: config.number("rms_norm_eps", 1e-6),
      embeddingScale: scaled ? roundToBfloat16(Math.sqrt(hiddenSize)) : 1,
      logitsSoftCap: softCap(config),
      layers,
    }),
    bos: config.index("bos_token_id", 2),
    // A list, or the id that ends a turn instead of a text, is what fine-tuning leaves here.
    ends: config.indices("eos_token_id", 1),
  };
}

/** The layers are written out before anything else of the checkpoint is looked at; the largest of the family has 38. */
const MOST_LAYERS = 1000;

/** The one value of each key that the engine computes; `undefined` stands for a key that may be absent. */
const ONLY: Readonly<Record<string, readonly unknown[]>> = {
  // The classes' default is one per query head, so a config that leaves the key out is no RecurrentGemma.
  num_key_value_heads: [1],
  hidden_activation: ["gelu_pytorch_tanh", undefined],
  attention_bias: [false, undefined],
  tie_word_embeddings: [true, undefined],
  rope_scaling: [null, undefined],
  quantization_config: [null, undefined],
};

function blockTypes(config: Config): readonly string[] {
  const key = config.has("_block_types") ? "_block_types" : "block_types";
  const types = config.value(key) ?? ["recurrent", "recurrent", "attention"];
  const known = Array.isArray(types) && types.every((type) => type === "recurrent" || type === "attention");
  if (!known || types.length === 0) throw config.wrong(key, `a list of "recurrent" and "attention"`);
  return types;
}

function softCap(config: Config): number | null {
  // An explicit null or 0 means no cap; an absent key means transformers' default.
  if (config.value("logits_soft_cap") === null || config.value("logits_soft_cap") === 0) return null;
  return config.number("logits_soft_cap", 30);
}

/** config.json's values by key, with transformers' defaults; null means absent, as it does there. */
class Config {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(
    json: unknown,
    private readonly where = "config.json",
  ) {
    if (!isObject(json)) throw new Error(`${where} is not an object.`);
    this.#values = json;
  }

  has(key: string): boolean {
    return this.value(key) !== undefined && this.value(key) !== null;
  }

  value(key: string): unknown {
    return this.#values[key];
  }

  section(key: string): Config {
    return new Config(this.value(key) ?? {}, `${this.where}'s ${key}`);
  }

  mustBe(key: string, ...allowed: readonly unknown[]): void {
    if (allowed.includes(this.value(key))) return;
    const values = allowed.filter((value) => value !== undefined).map((value) => JSON.stringify(value));
    throw this.wrong(key, values.join(" or "));
  }

  number(key: string, whenAbsent?: number): number {
    const value = this.value(key) ?? whenAbsent;
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) throw this.wrong(key, "a positive number");
    return value;
  }

  count(key: string, whenAbsent?: number): number {
    const value = this.number(key, whenAbsent);
    if (!Number.isSafeInteger(value)) throw this.wrong(key, "a whole number");
    return value;
  }

  /** A token id. */
  index(key: string, whenAbsent: number): number {
    const value = this.value(key) ?? whenAbsent;
    if (!isCount(value)) throw this.wrong(key, "a token id");
    return value;
  }

  /** A token id, or a list of them. */
  indices(key: string, whenAbsent: number): readonly number[] {
    const values = [this.value(key) ?? whenAbsent].flat();
    if (values.length === 0 || !values.every(isCount)) throw this.wrong(key, "a token id, or a list of them");
    return values;
  }

  flag(key: string, whenAbsent: boolean): boolean {
    const value = this.value(key) ?? whenAbsent;
    if (typeof value !== "boolean") throw this.wrong(key, "true or false");
    return value;
  }

  wrong(key: string, expected: string): Error {
    const value = this.value(key);
    const found = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    return new Error(`${this.where}: ${key} ${found}; Griffin Code's engine needs ${expected}.`);
  }
}

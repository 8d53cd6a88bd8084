// config.json of the two sizes, key by key as the hub has it: each has a spelling of its own.

const SIZES = {
  "2b": { width: 2560, layers: 26, heads: 10, mlp: 15360 },
  "9b": { width: 4096, layers: 38, heads: 16, mlp: 24576 },
};

export type Size = keyof typeof SIZES;

export function isSize(name: string): name is Size {
  return Object.hasOwn(SIZES, name);
}

/** @param smaller counts that replace the size's own, as given on the command line */
export function hubConfig(size: Size, smaller: { layers: string | undefined; vocabulary: string | undefined }) {
  const { width, heads, mlp, ...shape } = SIZES[size];
  const layers = count(smaller.layers, shape.layers);
  const pattern = ["recurrent", "recurrent", "attention"];
  return {
    architectures: ["RecurrentGemmaForCausalLM"],
    attention_bias: false,
    attention_dropout: 0.0,
    attention_window_size: 2048,
    ...(size === "2b" ? { _block_types: pattern } : { block_types: pattern }),
    bos_token_id: 2,
    conv1d_width: 4,
    ...(size === "2b" ? { embeddings_scale_by_sqrt_dim: true } : {}),
    eos_token_id: 1,
    final_w_init_variance_scale: 2 / layers,
    head_dim: 256,
    hidden_activation: "gelu_pytorch_tanh",
    hidden_size: width,
    intermediate_size: mlp,
    logits_soft_cap: 30.0,
    lru_width: width,
    model_type: "recurrent_gemma",
    num_attention_heads: heads,
    num_hidden_layers: layers,
    num_key_value_heads: 1,
    pad_token_id: 0,
    partial_rotary_factor: 0.5,
    rms_norm_eps: 1e-6,
    rope_theta: 10000.0,
    torch_dtype: "bfloat16",
    transformers_version: size === "2b" ? "4.40.0.dev0" : "4.42.0.dev0",
    use_cache: true,
    vocab_size: count(smaller.vocabulary, 256000),
    w_init_variance_scale: 0.01,
  };
}

/** What Python's readers want with a fraction, as the hub's files have it: they refuse 30 where they expect 30.0. */
const FRACTIONS = ["attention_dropout", "final_w_init_variance_scale", "logits_soft_cap", "rope_theta"];

/** The config as a file's text. */
export function configText(config: object): string {
  const whole = new RegExp(`^( "(?:${FRACTIONS.join("|")})": \\d+)(?=,?$)`, "gm");
  return JSON.stringify(config, null, 1).replace(whole, "$1.0");
}

function count(text: string | undefined, whenAbsent: number): number {
  const value = text === undefined ? whenAbsent : Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${text} is no count; say a whole number above zero.`);
}

// Every tensor that a checkpoint of an architecture must have, under Hugging Face's names, and what becomes of it.

import type { Architecture, AttentionLayer, Layer, RecurrentLayer } from "../model/architecture";
import type { TensorEntry } from "../model/safetensors";
import { FLOAT_BYTES, type FloatType } from "./floats";

/**
 * How a tensor's values are prepared:
 * `linear` and `embedding` may be quantized, `norm` gains the 1 that the reference adds, `decay` is the RG-LRU's
 * parameter folded to −8 · softplus(x), and `float` stays as it is.
 */
export type Treatment = "linear" | "embedding" | "norm" | "decay" | "float";

export interface ExpectedTensor {
  readonly source: string;
  readonly shape: readonly number[];
  readonly treatment: Treatment;
  /** Name in our model folder. */
  readonly target: string;
}

/** A checkpoint's tensor that is what was expected. */
export interface CheckedTensor extends ExpectedTensor {
  readonly entry: TensorEntry & { readonly dtype: FloatType; readonly path: string };
}

export function expectedTensors(architecture: Architecture): ExpectedTensor[] {
  const { hiddenSize, vocabSize, layers } = architecture;
  return [
    expected("model.embed_tokens.weight", [vocabSize, hiddenSize], "embedding"),
    ...layers.flatMap((layer, index) => layerTensors(`model.layers.${index}.`, hiddenSize, layer)),
    expected("model.final_norm.weight", [hiddenSize], "norm"),
  ];
}

/** Finds each expected tensor among the checkpoint's. Throws an Error that names what is missing, unknown or wrong. */
export function checkTensors(
  found: ReadonlyMap<string, TensorEntry & { readonly path: string }>,
  wanted: readonly ExpectedTensor[],
): CheckedTensor[] {
  const missing = wanted.filter((tensor) => !found.has(tensor.source)).map((tensor) => tensor.source);
  if (missing.length > 0) throw new Error(`The checkpoint lacks ${list(missing)}.`);
  const known = new Set([...wanted.map((tensor) => tensor.source), TIED_HEAD]);
  const unknown = [...found.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`The checkpoint holds ${list(unknown)}, which its config.json leaves no place for.`);
  return wanted.map((tensor) => {
    const entry = found.get(tensor.source)!;
    if (entry.shape.join() !== tensor.shape.join()) {
      throw new Error(`The checkpoint's ${tensor.source} has the shape [${entry.shape}] instead of [${tensor.shape}].`);
    }
    if (!isFloatType(entry.dtype)) {
      throw new Error(`The checkpoint's ${tensor.source} is ${entry.dtype}; only F32, F16 and BF16 are converted.`);
    }
    return { ...tensor, entry: { ...entry, dtype: entry.dtype } };
  });
}

/** Some checkpoints repeat the embedding under this name. */
const TIED_HEAD = "lm_head.weight";

function layerTensors(prefix: string, hiddenSize: number, layer: Layer): ExpectedTensor[] {
  const block = `${prefix}temporal_block.`;
  return [
    expected(`${prefix}temporal_pre_norm.weight`, [hiddenSize], "norm"),
    ...(layer.temporal === "attention"
      ? attentionTensors(block, hiddenSize, layer)
      : recurrentTensors(block, hiddenSize, layer)),
    expected(`${prefix}channel_pre_norm.weight`, [hiddenSize], "norm"),
    ...linear(`${prefix}mlp_block.gate_proj`, hiddenSize, layer.mlpWidth, layer.mlpBias),
    ...linear(`${prefix}mlp_block.up_proj`, hiddenSize, layer.mlpWidth, layer.mlpBias),
    ...linear(`${prefix}mlp_block.down_proj`, layer.mlpWidth, hiddenSize, layer.mlpBias),
  ];
}

function attentionTensors(prefix: string, hiddenSize: number, layer: AttentionLayer) {
  const queries = layer.numHeads * layer.headDim;
  return [
    ...linear(`${prefix}q_proj`, hiddenSize, queries, false),
    ...linear(`${prefix}k_proj`, hiddenSize, layer.headDim, false),
    ...linear(`${prefix}v_proj`, hiddenSize, layer.headDim, false),
    ...linear(`${prefix}o_proj`, queries, hiddenSize, layer.outputBias),
  ];
}

function recurrentTensors(prefix: string, hiddenSize: number, layer: RecurrentLayer) {
  const { lruWidth, numGateBlocks, convWidth } = layer;
  const block = lruWidth / numGateBlocks;
  const gates = ["input_gate", "recurrent_gate"].flatMap((gate) => [
    expected(`${prefix}rg_lru.${gate}_weight`, [numGateBlocks, block, block], "float"),
    expected(`${prefix}rg_lru.${gate}_bias`, [numGateBlocks, block], "float"),
  ]);
  return [
    ...linear(`${prefix}linear_x`, hiddenSize, lruWidth, true),
    ...linear(`${prefix}linear_y`, hiddenSize, lruWidth, true),
    ...linear(`${prefix}linear_out`, lruWidth, hiddenSize, true),
    expected(`${prefix}conv_1d.weight`, [lruWidth, 1, convWidth], "float"),
    expected(`${prefix}conv_1d.bias`, [lruWidth], "float"),
    ...gates,
    { ...expected(`${prefix}rg_lru.recurrent_param`, [lruWidth], "decay"), target: `${prefix}rg_lru.log_a` },
  ];
}

function linear(name: string, inSize: number, outSize: number, bias: boolean): ExpectedTensor[] {
  const weight = expected(`${name}.weight`, [outSize, inSize], "linear");
  return bias ? [weight, expected(`${name}.bias`, [outSize], "float")] : [weight];
}

function expected(name: string, shape: readonly number[], treatment: Treatment): ExpectedTensor {
  return { source: name, shape, treatment, target: name };
}

function isFloatType(dtype: string): dtype is FloatType {
  return Object.hasOwn(FLOAT_BYTES, dtype);
}

/** The first few names, and how many more there are. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more tensors` : shown;
}

// The whole model as one ONNX graph: new tokens and a state in, logits and what the state gains out.
//
// Inputs:  token_ids int64 [T], position int64 [1], logit_rows int64 [R], and per layer what `stateInputs` of names.ts names.
// Outputs: logits float32 [R, V], and per layer the new recurrent state or the new tokens' keys and values.
// The same graph serves prefill and decode: only T differs.

import type { Architecture, Layer } from "../model/architecture";
import { attention } from "./attention";
import { CutLinears } from "./cutLinears";
import { embed, logitsOf } from "./embedding";
import { GraphWriter, type Value } from "./graphWriter";
import { type Kernels, PROCESSOR } from "./kernels";
import { type LinearOptions, Linears } from "./linear";
import { mlp } from "./mlp";
import { graphNames } from "./names";
import { rmsNorm } from "./norm";
import { Positions } from "./positions";
import { recurrent } from "./recurrent";
import type { Toolbox } from "./toolbox";
import { type StoredTensor, Weights } from "./weights";

/** Writes the graph for `architecture`, its weights pointing into the shards. Throws when the two disagree, by name. */
export function buildGraph(
  architecture: Architecture,
  tensors: ReadonlyMap<string, StoredTensor>,
  kernels: Kernels,
  options?: LinearOptions,
): Uint8Array {
  const g = new GraphWriter("griffin");
  const weights = new Weights(g, tensors);
  const { hiddenSize, vocabSize, rmsNormEpsilon, layers } = architecture;
  const tokenIds = g.input(graphNames.tokenIds, "int64", ["T"]);
  const position = g.input(graphNames.position, "int64", [1]);
  const logitRows = g.input(graphNames.logitRows, "int64", ["R"]);
  const linears = new Linears(g, weights, kernels, options);
  const positions = new Positions(g, position, tokenIds);
  const tools: Toolbox = { g, weights, linears, positions, kernels, rmsNormEpsilon, hiddenSize };

  const embedded = embed(g, weights, architecture, tokenIds);
  const x = layers.reduce((x, layer, index) => block(tools, layer, index, x), embedded);
  const normed = rmsNorm(tools, "model.final_norm", g.op("Gather", [x, logitRows]), hiddenSize);
  g.publish(logitsOf(g, linears, architecture, normed), graphNames.logits, "float32", ["R", vocabSize]);
  weights.refuseUnused();
  return g.toModel();
}

/** What of a layer lies between the inputs of some of its linears and the input of another. */
export interface LayerPart {
  readonly layer: number;
  /** Linears whose inputs [T, inputs] are given, as `linearInput` names them. The layer's own input [T, D] is, too. */
  readonly from: readonly string[];
  /** The linear whose input is wanted; the layer's output when absent. */
  readonly to?: string | undefined;
}

/**
 * Writes a part of a layer, with "hidden" float32 [T, D], token_ids (which only tell T), position and the layer's state
 * as its inputs, whether it needs them or not. `tensors` may be that layer's only.
 */
export function buildLayerPart(
  architecture: Architecture,
  tensors: ReadonlyMap<string, StoredTensor>,
  { layer, from, to }: LayerPart,
): Uint8Array {
  const g = new GraphWriter("griffin");
  const weights = new Weights(g, tensors);
  const { hiddenSize, rmsNormEpsilon, layers } = architecture;
  const hidden = g.input(graphNames.hidden, "float32", ["T", hiddenSize]);
  const tokenIds = g.input(graphNames.tokenIds, "int64", ["T"]);
  const position = g.input(graphNames.position, "int64", [1]);
  const linears = new CutLinears(g, weights, from);
  const positions = new Positions(g, position, tokenIds);
  const tools: Toolbox = { g, weights, linears, positions, kernels: PROCESSOR, rmsNormEpsilon, hiddenSize };
  const output = block(tools, layers[layer]!, layer, hidden);
  const wanted = to === undefined ? output : linears.inputs.get(to);
  if (wanted === undefined) throw new Error(`Layer ${layer} has no linear ${to}`);
  g.op("Identity", [wanted], { outputs: [graphNames.partOutput] });
  g.output(graphNames.partOutput, "float32", ["T", "size"]);
  return g.toModel([graphNames.partOutput]);
}

/** One residual block: temporal mixing, then the MLP if there is one. x and the result: [T, D]. */
function block(tools: Toolbox, layer: Layer, index: number, x: Value): Value {
  const { g, hiddenSize } = tools;
  const prefix = `model.layers.${index}`;
  const norm = (name: string, value: Value) => rmsNorm(tools, `${prefix}.${name}`, value, hiddenSize);
  const afterwards = (name: string, value: Value) => (layer.postNorms ? norm(name, value) : value);

  const normed = norm("temporal_pre_norm", x);
  const mixed =
    layer.temporal === "attention" ? attention(tools, layer, index, normed) : recurrent(tools, layer, index, normed);
  const residual = g.op("Add", [x, afterwards("temporal_post_norm", mixed)]);
  if (layer.mlpWidth === 0) return residual;
  const channel = mlp(tools, layer, `${prefix}.mlp_block`, norm("channel_pre_norm", residual));
  return g.op("Add", [residual, afterwards("channel_post_norm", channel)]);
}

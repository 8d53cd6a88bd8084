// The whole model as one ONNX graph: new tokens and a state in, logits and what the state gains out.
//
// Inputs:  token_ids int64 [T], position int64 [1], logit_rows int64 [R], and per layer what `stateInputs` of names.ts names.
// Outputs: logits float32 [R, V], and per layer the new recurrent state or the new tokens' keys and values.
// The same graph serves prefill and decode: only T differs.

import type { Architecture, AttentionLayer, Layer, RecurrentLayer } from "../model/architecture";
import { attention } from "./attention";
import { embed, logitsOf } from "./embedding";
import { GraphWriter, type Value } from "./graphWriter";
import { CutLinears, type LinearOptions, Linears } from "./linear";
import { mlp } from "./mlp";
import { graphNames, layerNames } from "./names";
import { Norms } from "./norm";
import { Positions } from "./positions";
import { recurrent } from "./recurrent";
import { type StoredTensor, Weights } from "./weights";

/** Writes the graph for `architecture`, its weights pointing into the shards. Throws when the two disagree, by name. */
export function buildGraph(
  architecture: Architecture,
  tensors: ReadonlyMap<string, StoredTensor>,
  options?: LinearOptions,
): Uint8Array {
  const g = new GraphWriter("griffin");
  const weights = new Weights(g, tensors);
  new Builder(g, architecture, weights, new Linears(g, weights, options)).build();
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
  const linears = new CutLinears(g, weights, from);
  const output = new Builder(g, architecture, weights, linears).buildLayer(layer);
  const wanted = to === undefined ? output : linears.inputs.get(to);
  if (wanted === undefined) throw new Error(`Layer ${layer} has no linear ${to}`);
  g.op("Identity", [wanted], { outputs: [graphNames.partOutput] });
  g.output(graphNames.partOutput, "float32", ["T", "size"]);
  return g.toModel([graphNames.partOutput]);
}

class Builder {
  readonly #norms: Norms;

  constructor(
    private readonly g: GraphWriter,
    private readonly architecture: Architecture,
    private readonly weights: Weights,
    private readonly linears: Linears,
  ) {
    this.#norms = new Norms(g, weights, architecture.rmsNormEpsilon);
  }

  build(): void {
    const { g, architecture } = this;
    const { hiddenSize, vocabSize } = architecture;
    const tokenIds = g.input(graphNames.tokenIds, "int64", ["T"]);
    const position = g.input(graphNames.position, "int64", [1]);
    const logitRows = g.input(graphNames.logitRows, "int64", ["R"]);
    const positions = new Positions(g, position, tokenIds);

    let x = embed(g, this.weights, architecture, tokenIds);
    architecture.layers.forEach((layer, index) => {
      x = this.#block(layer, index, positions, x);
    });
    const wanted = g.op("Gather", [x, logitRows]);
    const normed = this.#norms.apply("model.final_norm", wanted, hiddenSize);
    g.publish(logitsOf(g, this.linears, architecture, normed), graphNames.logits, "float32", ["R", vocabSize]);
    this.weights.refuseUnused();
  }

  /** One layer alone. @returns its output [T, D] */
  buildLayer(index: number): Value {
    const { g, architecture } = this;
    const hidden = g.input(graphNames.hidden, "float32", ["T", architecture.hiddenSize]);
    const tokenIds = g.input(graphNames.tokenIds, "int64", ["T"]);
    const position = g.input(graphNames.position, "int64", [1]);
    return this.#block(architecture.layers[index]!, index, new Positions(g, position, tokenIds), hidden);
  }

  /** One residual block: temporal mixing, then the MLP if there is one. */
  #block(layer: Layer, index: number, positions: Positions, x: Value): Value {
    const { g } = this;
    const { hiddenSize } = this.architecture;
    const prefix = `model.layers.${index}`;
    const norm = (name: string, value: Value) => this.#norms.apply(`${prefix}.${name}`, value, hiddenSize);
    const afterwards = (name: string, value: Value) => (layer.postNorms ? norm(name, value) : value);

    const mixed = this.#temporal(layer, index, positions, `${prefix}.temporal_block`, norm("temporal_pre_norm", x));
    const residual = g.op("Add", [x, afterwards("temporal_post_norm", mixed)]);
    if (layer.mlpWidth === 0) return residual;
    const channel = mlp(g, this.linears, `${prefix}.mlp_block`, layer, hiddenSize, norm("channel_pre_norm", residual));
    return g.op("Add", [residual, afterwards("channel_post_norm", channel)]);
  }

  #temporal(layer: Layer, index: number, positions: Positions, prefix: string, x: Value): Value {
    return layer.temporal === "attention"
      ? this.#attention(layer, index, positions, prefix, x)
      : this.#recurrent(layer, index, positions, prefix, x);
  }

  #attention(layer: AttentionLayer, index: number, positions: Positions, prefix: string, x: Value): Value {
    const { g } = this;
    const { headDim } = layer;
    const names = layerNames(index);
    const past = {
      pastKeys: g.input(names.keys, "float32", [`n_${index}`, headDim]),
      pastValues: g.input(names.values, "float32", [`n_${index}`, headDim]),
      ...(layer.sink === "first-token" && {
        sinkKey: g.input(names.sinkKey, "float32", [1, headDim]),
        sinkValue: g.input(names.sinkValue, "float32", [1, headDim]),
      }),
    };
    const hiddenSize = this.architecture.hiddenSize;
    const result = attention(g, this.linears, this.#norms, positions, prefix, layer, hiddenSize, x, past);
    g.publish(result.newKeys, names.newKeys, "float32", ["T", headDim]);
    g.publish(result.newValues, names.newValues, "float32", ["T", headDim]);
    return result.output;
  }

  #recurrent(layer: RecurrentLayer, index: number, positions: Positions, prefix: string, x: Value): Value {
    const { g } = this;
    const { lruWidth, convWidth } = layer;
    const names = layerNames(index);
    const past = {
      rgLruState: g.input(names.rgLruState, "float32", [lruWidth]),
      conv1dState: g.input(names.conv1dState, "float32", [1, convWidth - 1, lruWidth]),
    };
    const hiddenSize = this.architecture.hiddenSize;
    const result = recurrent(g, this.weights, this.linears, positions, prefix, layer, hiddenSize, x, past);
    g.publish(result.rgLruState, names.newRgLruState, "float32", [lruWidth]);
    g.publish(result.conv1dState, names.newConv1dState, "float32", [1, convWidth - 1, lruWidth]);
    return result.output;
  }
}

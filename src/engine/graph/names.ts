// The names by which the graph's inputs and outputs are known to the code that runs it, and what goes in of a state.

import type { KvRows } from "../model/kvLog";
import type { LayerState } from "../model/state";

export const graphNames = {
  tokenIds: "token_ids",
  position: "position",
  logitRows: "logit_rows",
  logits: "logits",
  /** The input and the output of a layer that is run alone. */
  hidden: "hidden",
  partOutput: "part_output",
} as const;

/** The input of a part of a layer that begins with the linear. */
export function linearInput(linear: string): string {
  return `${linear}.input`;
}

/** The state's names for one layer; which of them exist depends on the layer's kind. */
export function layerNames(index: number) {
  const prefix = `layers.${index}`;
  return {
    rgLruState: `${prefix}.rg_lru_state`,
    newRgLruState: `${prefix}.new_rg_lru_state`,
    conv1dState: `${prefix}.conv1d_state`,
    newConv1dState: `${prefix}.new_conv1d_state`,
    keys: `${prefix}.keys`,
    values: `${prefix}.values`,
    sinkKey: `${prefix}.sink_key`,
    sinkValue: `${prefix}.sink_value`,
    newKeys: `${prefix}.new_keys`,
    newValues: `${prefix}.new_values`,
  } as const;
}

export interface StateInput {
  readonly name: string;
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What the graph reads of a layer's state. */
export function stateInputs(index: number, layer: LayerState): readonly StateInput[] {
  const names = layerNames(index);
  if (layer.kind === "recurrent") {
    const { rgLruState, conv1dState } = layer;
    const width = rgLruState.length;
    return [
      { name: names.rgLruState, data: rgLruState, shape: [width] },
      { name: names.conv1dState, data: conv1dState, shape: [1, conv1dState.length / width, width] },
    ];
  }
  const { kv } = layer;
  const { headDim, keepsFirst } = kv.shape;
  const { keys, values } = kv.visibleRows === 0 ? nothing(headDim) : kv.window;
  const rows = [keys.length / headDim, headDim];
  const first = [1, headDim];
  return [
    { name: names.keys, data: keys, shape: rows },
    { name: names.values, data: values, shape: rows },
    ...(keepsFirst
      ? [
          { name: names.sinkKey, data: kv.firstRow.keys, shape: first },
          { name: names.sinkValue, data: kv.firstRow.values, shape: first },
        ]
      : []),
  ];
}

/** A row that the masks hide: onnxruntime's WebGPU provider ends the process over a tensor without elements. */
function nothing(headDim: number): KvRows {
  return { keys: new Float32Array(headDim), values: new Float32Array(headDim) };
}

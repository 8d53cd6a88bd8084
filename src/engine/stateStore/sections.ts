// A state as a list of runs of float32 numbers, its sections, and back. Knows the parts of a state; no bytes, no files.

import { KvView } from "../model/kvLog";
import type { LayerState, State } from "../model/state";

/** The numbers of `state`, where they lie: not copied, not to be written. */
export function sectionsOf(state: State): Float32Array[] {
  return state.layers.flatMap((layer) => {
    if (layer.kind === "recurrent") return [layer.rgLruState, layer.conv1dState];
    const { shape, window, firstRow } = layer.kv;
    return [window.keys, window.values, ...(shape.keepsFirst ? [firstRow.keys, firstRow.values] : [])];
  });
}

/** How many numbers each section has in any state at `position` of the model whose empty state is given. */
export function sectionSizes(emptyState: State, position: number): number[] {
  return emptyState.layers.flatMap((layer) => {
    if (layer.kind === "recurrent") return [layer.rgLruState.length, layer.conv1dState.length];
    const { headDim, keepsFirst, window } = layer.kv.shape;
    const windowFloats = Math.min(position, window) * headDim;
    return [windowFloats, windowFloats, ...(keepsFirst ? [headDim, headDim] : [])];
  });
}

/** The state at `position` whose sections are given, in the order of `sectionSizes`. */
export function stateOf(emptyState: State, position: number, sections: readonly Float32Array[]): State {
  const remaining = sections.values();
  const next = () => remaining.next().value!;
  const layers = emptyState.layers.map((layer): LayerState => {
    if (layer.kind === "recurrent") return { kind: "recurrent", rgLruState: next(), conv1dState: next() };
    const { shape, firstRow } = layer.kv;
    const window = { keys: next(), values: next() };
    const first = shape.keepsFirst ? { keys: next(), values: next() } : firstRow;
    return { kind: "attention", kv: KvView.restore(shape, position, window, first) };
  });
  return { position, layers };
}

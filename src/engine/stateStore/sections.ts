// A state as a list of named runs of float32 numbers, and back. Knows the parts of a state; no bytes, no files.

import { KvView } from "../model/kvLog";
import type { AttentionState, LayerState, State } from "../model/state";

export interface Section {
  readonly name: string;
  readonly floats: Float32Array;
}

export interface SectionSize {
  readonly name: string;
  readonly count: number;
}

/** The numbers of `state`, where they lie: not copied, not to be written. */
export function sectionsOf(state: State): Section[] {
  return state.layers.flatMap((layer, index) =>
    partsOf(layer).map(([part, floats]) => ({ name: `layers.${index}.${part}`, floats })),
  );
}

/** The sections of any state at `position` of the model whose empty state is given. */
export function sectionSizes(emptyState: State, position: number): SectionSize[] {
  return emptyState.layers.flatMap((layer, index) =>
    partsOf(layer).map(([part, floats]) => ({
      name: `layers.${index}.${part}`,
      count: isGrowing(layer, part) ? windowFloats(layer.kv, position) : floats.length,
    })),
  );
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

type Part = [name: string, floats: Float32Array];

function partsOf(layer: LayerState): Part[] {
  if (layer.kind === "recurrent") {
    return [
      ["rgLruState", layer.rgLruState],
      ["conv1dState", layer.conv1dState],
    ];
  }
  const { shape, window, firstRow } = layer.kv;
  const parts: Part[] = [
    ["keys", window.keys],
    ["values", window.values],
  ];
  if (shape.keepsFirst) parts.push(["firstKey", firstRow.keys], ["firstValue", firstRow.values]);
  return parts;
}

/** Whether the part is larger in a state that has seen more. */
function isGrowing(layer: LayerState, part: string): layer is AttentionState {
  switch (layer.kind) {
    case "recurrent":
      return false;
    case "attention":
      return part === "keys" || part === "values";
  }
}

function windowFloats({ shape }: KvView, position: number): number {
  return Math.min(position, shape.window) * shape.headDim;
}

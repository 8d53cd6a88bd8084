// All that a model carries from one token to the next, as an immutable value.
//
// The state at position p is a function of the model and tokens[0..p) alone. Running more tokens makes a new state and
// leaves this one as it was; so a checkpoint is a reference, a fork is free, and a rewind is going back to one.

import type { Architecture, AttentionLayer, RecurrentLayer } from "./architecture";
import { type KvRows, KvView } from "./kvLog";

export interface State {
  /** Tokens seen so far. */
  readonly position: number;
  /** One part per layer, in order. */
  readonly layers: readonly LayerState[];
}

export type LayerState = RecurrentState | AttentionState;

export interface RecurrentState {
  readonly kind: "recurrent";
  /** h of the RG-LRU, [lruWidth], always float32. */
  readonly rgLruState: Float32Array;
  /** The convolution's last inputs, oldest first, [convWidth − 1, lruWidth]. */
  readonly conv1dState: Float32Array;
}

export interface AttentionState {
  readonly kind: "attention";
  readonly kv: KvView;
}

/** The state of a sequence that has not begun. */
export function emptyState(architecture: Architecture): State {
  return {
    position: 0,
    layers: architecture.layers.map((layer) =>
      layer.temporal === "attention" ? emptyAttention(layer) : emptyRecurrent(layer),
    ),
  };
}

/** The same state, for what may be dropped again: what is run after it takes no room in its logs. */
export function forkOf({ position, layers }: State): State {
  return { position, layers: layers.map((layer) => withLog(layer, (kv) => kv.fork)) };
}

/** The same state with what it has seen after `home` in that one's logs, as far as they have room at their ends. */
export function movedTo(home: State, { position, layers }: State): State {
  return {
    position,
    layers: layers.map((layer, index) => {
      const there = home.layers[index];
      return withLog(layer, (kv) => (there?.kind === "attention" ? kv.movedTo(there.kv) : kv));
    }),
  };
}

/**
 * A state as large as any at `position`, for measurements: what comes of it means nothing.
 * @param windowOf the rows that a layer sees there
 */
export function atPosition({ layers }: State, position: number, windowOf: (kv: KvView) => KvRows): State {
  const moved = (kv: KvView) => KvView.restore(kv.shape, position, windowOf(kv), kv.firstRow);
  return { position, layers: layers.map((layer) => withLog(layer, moved)) };
}

/** Whether keeping one of them keeps the other's logs, too, which are most of it. */
export function shareLogs(one: State, other: State): boolean {
  return one.layers.every((layer, index) => {
    const beside = other.layers[index];
    switch (layer.kind) {
      case "recurrent":
        return true;
      case "attention":
        return beside?.kind === "attention" && beside.kv.logIdentity === layer.kv.logIdentity;
      default:
        return layer satisfies never;
    }
  });
}

/** Memory that `states` keep alive together: what they share counts once. */
export function sharedBytes(states: Iterable<State>): number {
  const counted = new Set<object>();
  let bytes = 0;
  const add = (what: object, size: number) => {
    if (counted.has(what)) return;
    counted.add(what);
    bytes += size;
  };
  for (const { layers } of states) {
    for (const layer of layers) {
      if (layer.kind === "attention") add(layer.kv.logIdentity, layer.kv.logBytes);
      else {
        add(layer.rgLruState, layer.rgLruState.byteLength);
        add(layer.conv1dState, layer.conv1dState.byteLength);
      }
    }
  }
  return bytes;
}

/** The layer's state with its log, if it has one, as `change` leaves it. */
function withLog(layer: LayerState, change: (kv: KvView) => KvView): LayerState {
  switch (layer.kind) {
    case "recurrent":
      return layer;
    case "attention":
      return { kind: layer.kind, kv: change(layer.kv) };
  }
}

function emptyAttention(layer: AttentionLayer): AttentionState {
  const { headDim, window } = layer;
  return { kind: "attention", kv: KvView.empty({ headDim, window, keepsFirst: layer.sink === "first-token" }) };
}

function emptyRecurrent(layer: RecurrentLayer): RecurrentState {
  return {
    kind: "recurrent",
    rgLruState: new Float32Array(layer.lruWidth),
    conv1dState: new Float32Array(layer.lruWidth * (layer.convWidth - 1)),
  };
}

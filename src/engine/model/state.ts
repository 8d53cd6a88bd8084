// All that a model carries from one token to the next, as an immutable value.
//
// The state at position p is a function of the model and tokens[0..p) alone. Running more tokens makes a new state and
// leaves this one as it was; so a checkpoint is a reference, a fork is free, and a rewind is going back to one.

import type { Architecture, AttentionLayer, RecurrentLayer } from "./architecture";
import { KvView } from "./kvLog";

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
  return {
    position,
    layers: layers.map((layer) => (layer.kind === "attention" ? { kind: layer.kind, kv: layer.kv.fork } : layer)),
  };
}

/** The same state with what it has seen after `home` in that one's logs, as far as they have room at their ends. */
export function movedTo(home: State, { position, layers }: State): State {
  return {
    position,
    layers: layers.map((layer, index) => {
      const there = home.layers[index];
      return layer.kind === "attention" && there?.kind === "attention"
        ? { kind: layer.kind, kv: layer.kv.movedTo(there.kv) }
        : layer;
    }),
  };
}

/** Whether keeping one of them keeps the other's logs, too, which are most of it. */
export function shareLogs(one: State, other: State): boolean {
  return one.layers.every((layer, index) => {
    const beside = other.layers[index];
    return (
      layer.kind === "recurrent" || (beside?.kind === "attention" && beside.kv.logIdentity === layer.kv.logIdentity)
    );
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

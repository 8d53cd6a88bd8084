// A model without arithmetic: its state is a hash of the tokens it has seen and its logits follow from that hash, so a
// wrong state, a lost token or a repeated one shows at once. Its keys and values, if it has any, are these hashes too.

import type { Architecture } from "../../src/engine/model/architecture";
import { type KvShape, KvView } from "../../src/engine/model/kvLog";
import type { ForwardResult, Model, TokenId } from "../../src/engine/model/model";
import type { LayerState, RecurrentState, State } from "../../src/engine/model/state";

const VOCAB_SIZE = 64;

export class FakeModel implements Model {
  readonly architecture: Architecture = {
    hiddenSize: 1,
    vocabSize: VOCAB_SIZE,
    rmsNormEpsilon: 1e-6,
    embeddingScale: 1,
    logitsSoftCap: null,
    layers: [],
  };
  readonly emptyState: State;
  /** The tokens of every run, in order. */
  readonly runs: TokenId[][] = [];
  /** Runs whose state was asked for. */
  statesMade = 0;

  /** @param shape of the keys and values that its states are to have, too */
  constructor(shape?: KvShape) {
    this.emptyState = stateOf(0, 17, shape && KvView.empty(shape));
  }

  async forward(tokens: readonly TokenId[], state: State, logitRows: readonly number[]): Promise<ForwardResult> {
    if (tokens.length === 0) throw new Error("A run needs at least one token");
    // Whoever reads logits looks for those of such tokens. A state may have read any.
    const unknown = logitRows.length > 0 && tokens.find((token) => token >= VOCAB_SIZE);
    if (unknown) throw new Error(`There are no logits of the token ${unknown}`);
    this.runs.push([...tokens]);
    let hash = (state.layers[0] as RecurrentState).rgLruState[0]!;
    const hashes = tokens.map((token) => {
      hash = (hash * 31 + token + 1) % 65_521;
      return hash;
    });
    const logits = new Float32Array(logitRows.length * VOCAB_SIZE);
    logitRows.forEach((row, index) => {
      logits.set(logitsOf(hashes[row]!), index * VOCAB_SIZE);
    });
    const make = () => {
      this.statesMade++;
      return stateOf(state.position + tokens.length, hash, appended(state.layers[1], hashes));
    };
    let after: State | undefined;
    return {
      logits,
      get state() {
        after ??= make();
        return after;
      },
    };
  }

  async dispose(): Promise<void> {}
}

/** What a fresh run of all tokens gives: the slow twin to compare with. */
export async function freshLogits(tokens: readonly TokenId[]): Promise<Float32Array> {
  return (await freshRun(tokens)).logits;
}

export async function freshRun(tokens: readonly TokenId[], shape?: KvShape): Promise<ForwardResult> {
  const model = new FakeModel(shape);
  return model.forward(tokens, model.emptyState, [tokens.length - 1]);
}

function stateOf(position: number, hash: number, kv?: KvView): State {
  const layer: RecurrentState = {
    kind: "recurrent",
    rgLruState: Float32Array.of(hash),
    conv1dState: new Float32Array(0),
  };
  return { position, layers: kv === undefined ? [layer] : [layer, { kind: "attention", kv }] };
}

function appended(layer: LayerState | undefined, hashes: readonly number[]): KvView | undefined {
  if (layer?.kind !== "attention") return undefined;
  const { headDim } = layer.kv.shape;
  const rows = Float32Array.from({ length: hashes.length * headDim }, (_, at) => hashes[Math.floor(at / headDim)]!);
  return layer.kv.append({ keys: rows, values: rows });
}

function logitsOf(hash: number): Float32Array {
  return Float32Array.from({ length: VOCAB_SIZE }, (_, id) => ((hash * (id + 3)) % 101) / 10);
}

// A model run by onnxruntime: puts tokens and a state into a run of its graph, and makes the next state of what comes out.

import { graphNames, layerNames, stateInputs } from "../graph/names";
import type { Architecture, Layer } from "./architecture";
import type { LogMemory } from "./kvLog";
import type { ForwardResult, Model, RunLengths, TokenId } from "./model";
import { ModelFault } from "./modelFault";
import { float32, floats, int64, Session, type SessionOptions, type Tensor, type Tensors } from "./onnxRuntime";
import { SharedBlocks } from "./sharedBlocks";
import { emptyState, type LayerState, type State } from "./state";

export interface OnnxModelOptions extends SessionOptions {
  /** See Model. */
  readonly runLengths?: RunLengths;
}

/** Loads `graph` (ONNX bytes), whose weights are external data in `folder`. */
export async function loadOnnxModel(
  graph: Uint8Array,
  folder: string,
  architecture: Architecture,
  options: OnnxModelOptions,
): Promise<Model> {
  const session = await Session.load(graph, folder, options);
  return new OnnxModel(session, architecture, options.runLengths);
}

class OnnxModel implements Model {
  readonly emptyState: State;

  constructor(
    private readonly session: Session,
    readonly architecture: Architecture,
    readonly runLengths: RunLengths | undefined,
  ) {
    this.emptyState = emptyState(architecture);
  }

  async forward(tokens: readonly TokenId[], state: State, logitRows: readonly number[]): Promise<ForwardResult> {
    const feeds: Record<string, Tensor> = {
      [graphNames.tokenIds]: int64(tokens),
      [graphNames.position]: int64([state.position]),
      [graphNames.logitRows]: int64(logitRows),
    };
    for (const [index, layer] of state.layers.entries()) {
      for (const { name, data, shape } of stateInputs(index, layer)) feeds[name] = float32(data, shape);
    }
    const results = await this.session.run(feeds);
    refuseNonsense(results, this.architecture);
    let after: State | undefined;
    return {
      logits: floats(results, graphNames.logits),
      get state() {
        after ??= stateAfter(results, state, tokens.length);
        return after;
      },
    };
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

/**
 * Throws when something was computed that is no number, as a graphics card may, before it is taken for text or kept in a
 * state. Between layers all of a token's numbers go through a norm together: a wrong one makes all after it wrong, and one
 * of them tells.
 */
function refuseNonsense(results: Tensors, { layers, vocabSize }: Architecture): void {
  const state = floats(results, newStateName(layers.at(-1)!, layers.length - 1));
  const logits = floats(results, graphNames.logits);
  const rows = Array.from({ length: logits.length / vocabSize }, (_, row) => logits[row * vocabSize]);
  if (![state.at(-1), ...rows].every(Number.isFinite)) throw new NoNumbers();
}

/** Of what the layer carries on, that which comes of the whole run. */
function newStateName({ temporal }: Layer, index: number): string {
  const { newRgLruState, newKeys } = layerNames(index);
  switch (temporal) {
    case "recurrent":
      return newRgLruState;
    case "attention":
      return newKeys;
  }
}

/** Its files are damaged, or the graphics card that runs it does not compute right. */
export class NoNumbers extends ModelFault {
  constructor() {
    super(
      "suspect",
      "The model computed values that are not numbers. If that happens again, its files may be damaged.",
    );
  }
}

function stateAfter(results: Tensors, { position, layers }: State, count: number): State {
  const memory = new SharedBlocks(
    layers.flatMap((layer) => (layer.kind === "attention" ? layer.kv.newLogSizes(count) : [])),
  );
  return { position: position + count, layers: layers.map((layer, index) => next(results, index, layer, memory)) };
}

function next(results: Tensors, index: number, layer: LayerState, memory: LogMemory): LayerState {
  const names = layerNames(index);
  return layer.kind === "recurrent"
    ? {
        kind: "recurrent",
        rgLruState: floats(results, names.newRgLruState),
        conv1dState: floats(results, names.newConv1dState),
      }
    : {
        kind: "attention",
        kv: layer.kv.append({ keys: floats(results, names.newKeys), values: floats(results, names.newValues) }, memory),
      };
}

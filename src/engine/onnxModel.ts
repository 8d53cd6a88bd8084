// A model run by onnxruntime: the only file that imports it.
//
// Facts that shape this file (onnxruntime-node 1.30): run() blocks the thread for its whole length; every fetched
// output is copied, so what is fetched must be small; weights are mapped into memory when they are given as external
// data of a file; the memory arena grows by single huge blocks, which kill the process under Electron.

import * as ort from "onnxruntime-node";
import type { Architecture } from "./architecture";
import { buildInt8Probe, int8ProbeRow, int8ProbeSum } from "./graph/int8Probe";
import { graphNames, layerNames } from "./graph/names";
import type { ForwardResult, Model, TokenId } from "./model";
import { emptyState, type LayerState, type State } from "./state";

export interface OnnxModelOptions {
  /** Threads for one run; 0 lets onnxruntime choose. */
  readonly threads: number;
}

/** Loads `graph` (ONNX bytes), whose weights are external data in `folder`. */
export async function loadOnnxModel(
  graph: Uint8Array,
  folder: string,
  architecture: Architecture,
  options: OnnxModelOptions,
): Promise<Model> {
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    enableCpuMemArena: false,
    enableMemPattern: false,
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        model_external_initializers_file_folder_path: folder,
        set_denormal_as_zero: "1",
        // Threads spin within a run, which has hundreds of short steps, and rest between runs.
        force_spinning_stop: "1",
      },
    },
  });
  return new OnnxModel(session, architecture);
}

/** Whether int8 weights must be shifted to uint8 on this processor; see int8Probe.ts. */
export async function int8ProductsSaturate(): Promise<boolean> {
  const session = await ort.InferenceSession.create(buildInt8Probe(), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const { sum } = await session.run({ row: new ort.Tensor("uint8", int8ProbeRow, [1, int8ProbeRow.length]) });
  await session.release();
  return (sum!.data as Int32Array).some((value) => value !== int8ProbeSum);
}

class OnnxModel implements Model {
  readonly emptyState: State;

  constructor(
    private readonly session: ort.InferenceSession,
    readonly architecture: Architecture,
  ) {
    this.emptyState = emptyState(architecture);
  }

  async forward(tokens: readonly TokenId[], state: State, logitRows: readonly number[]): Promise<ForwardResult> {
    const feeds: Record<string, ort.Tensor> = {
      [graphNames.tokenIds]: int64(tokens),
      [graphNames.position]: int64([state.position]),
      [graphNames.logitRows]: int64(logitRows),
    };
    state.layers.forEach((layer, index) => {
      feed(feeds, index, layer);
    });
    const results = await this.session.run(feeds);
    return {
      logits: floats(results, graphNames.logits),
      state: {
        position: state.position + tokens.length,
        layers: state.layers.map((layer, index) => next(results, index, layer)),
      },
    };
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

function feed(feeds: Record<string, ort.Tensor>, index: number, layer: LayerState): void {
  const names = layerNames(index);
  if (layer.kind === "recurrent") {
    const width = layer.rgLruState.length;
    feeds[names.rgLruState] = float32(layer.rgLruState, [width]);
    feeds[names.conv1dState] = float32(layer.conv1dState, [1, layer.conv1dState.length / width, width]);
    return;
  }
  const { kv } = layer;
  const { headDim, keepsFirst } = kv.shape;
  const { keys, values } = kv.window;
  feeds[names.keys] = float32(keys, [kv.visibleRows, headDim]);
  feeds[names.values] = float32(values, [kv.visibleRows, headDim]);
  if (keepsFirst) {
    feeds[names.sinkKey] = float32(kv.firstRow.keys, [1, headDim]);
    feeds[names.sinkValue] = float32(kv.firstRow.values, [1, headDim]);
  }
}

function next(results: ort.InferenceSession.OnnxValueMapType, index: number, layer: LayerState): LayerState {
  const names = layerNames(index);
  return layer.kind === "recurrent"
    ? {
        kind: "recurrent",
        rgLruState: floats(results, names.newRgLruState),
        conv1dState: floats(results, names.newConv1dState),
      }
    : {
        kind: "attention",
        kv: layer.kv.append({ keys: floats(results, names.newKeys), values: floats(results, names.newValues) }),
      };
}

function floats(results: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  return results[name]!.data as Float32Array;
}

function float32(data: Float32Array, dims: number[]): ort.Tensor {
  return new ort.Tensor("float32", data, dims);
}

function int64(values: readonly number[]): ort.Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
}

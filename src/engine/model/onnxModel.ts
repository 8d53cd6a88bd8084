// A model run by onnxruntime: the only file that imports it.
//
// Facts that shape this file (onnxruntime-node 1.30): run() blocks the thread for its whole length; every fetched
// output is copied, so what is fetched must be small; weights are mapped into memory when they are given as external
// data of a file; the memory arena grows by single huge blocks, which kill the process under Electron.

import { availableParallelism } from "node:os";
import "./noReports"; // Before the runtime itself.
import * as ort from "onnxruntime-node";
import { GraphWriter } from "../graph/graphWriter";
import { buildInt8Probe, int8ProbeRow, int8ProbeSum } from "../graph/int8Probe";
import { graphNames, layerNames, stateInputs } from "../graph/names";
import { unmeasuredThreads } from "../tuning/choices";
import type { Architecture } from "./architecture";
import type { ForwardResult, Model, TokenId } from "./model";
import { emptyState, type LayerState, type State } from "./state";
import { type TimedRuns, timeRuns } from "./timing";

export interface OnnxModelOptions {
  /** Threads for one run; 0: `unmeasuredThreads`. */
  readonly threads: number;
  /** One of `otherProviders()`; absent: the processor. */
  readonly provider?: string;
  /** What a run of the engine should read at once; see Model. Asked for again and again: it may be measured later. */
  readonly chunkTokens?: number;
  readonly longChunkTokens?: number;
}

export const RUNTIME_VERSION = ort.env.versions.common;

/** What else than the processor this machine's onnxruntime might compute on: "webgpu", "dml", "cuda", "coreml". */
export function otherProviders(): string[] {
  return ort
    .listSupportedBackends()
    .filter(({ name, bundled }) => bundled && name !== "cpu")
    .map(({ name }) => name);
}

/** Loads `graph` (ONNX bytes), whose weights are external data in `folder`. */
export async function loadOnnxModel(
  graph: Uint8Array,
  folder: string,
  architecture: Architecture,
  options: OnnxModelOptions,
): Promise<Model> {
  const session = await createSession(graph, folder, options);
  return new OnnxModel(session, architecture, options);
}

/**
 * Times `graph`, whose only input "x" is float32 [rows, width], for each number of rows. The first run, which is slower, does
 * not count.
 */
export async function timeGraph(
  graph: Uint8Array,
  folder: string,
  { threads, width, rows }: { threads: number; width: number; rows: readonly number[] },
): Promise<readonly TimedRuns[]> {
  const session = await createSession(graph, folder, { threads });
  try {
    const timed: TimedRuns[] = [];
    for (const count of rows) {
      // No zeros and no pattern: a kernel may be quicker with those.
      const values = Float32Array.from({ length: count * width }, (_, i) => Math.sin(i));
      const x = float32(values, [count, width]);
      await session.run({ x });
      timed.push(await timeRuns(() => session.run({ x }), threads));
    }
    return timed;
  } finally {
    await session.release();
  }
}

function createSession(
  graph: Uint8Array,
  folder: string,
  { threads, provider }: OnnxModelOptions,
  moreConfig: Readonly<Record<string, string>> = {},
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(graph, {
    executionProviders: provider === undefined ? ["cpu"] : [provider, "cpu"],
    graphOptimizationLevel: "all",
    enableCpuMemArena: false,
    enableMemPattern: false,
    intraOpNumThreads: threads || unmeasuredThreads(availableParallelism()),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        model_external_initializers_file_folder_path: folder,
        set_denormal_as_zero: "1",
        // Threads spin within a run, which has hundreds of short steps, and rest between runs.
        force_spinning_stop: "1",
        ...moreConfig,
      },
    },
  });
}

/** A tensor that goes into a calculation. */
export interface Tensor {
  readonly type: "float32" | "int64";
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** A graph that is no whole model, with weights in `folder`, if any. */
export class Calculation {
  private constructor(private readonly session: ort.InferenceSession) {}

  static async load(graph: Uint8Array, folder: string, options: { threads: number }): Promise<Calculation> {
    // A few runs do not repay a second copy of the weights in an order of the runtime's own.
    return new Calculation(await createSession(graph, folder, options, { disable_prepacking: "1" }));
  }

  /** @returns the only output's numbers */
  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Float32Array> {
    const feeds = Object.entries(inputs).map(([name, { type, data, shape }]) => [
      name,
      new ort.Tensor(type as "float32", data as Float32Array, shape),
    ]);
    const results = await this.session.run(Object.fromEntries(feeds));
    return floats(results, this.session.outputNames[0]!);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

/** Runs a small product on `provider`. Throws its own words when it cannot. */
export async function tryProvider(provider: string): Promise<void> {
  // One that it does not know onnxruntime-node leaves out without a word.
  if (![...otherProviders(), "cpu"].includes(provider)) throw new Error(`this onnxruntime has no "${provider}"`);
  const g = new GraphWriter("provider_probe");
  const x = g.input("x", "float32", ["T", 2]);
  g.op("MatMul", [x, g.constant("float32", [1, 2, 3, 4], [2, 2])], { outputs: ["y"] });
  g.output("y", "float32", ["T", 2]);
  const session = await createSession(g.toModel(), ".", { threads: 1, provider });
  const { y } = await session.run({ x: float32(Float32Array.of(1, 1), [1, 2]) });
  await session.release();
  if (y!.data[0] !== 4 || y!.data[1] !== 6) throw new Error(`1 + 3 and 2 + 4 are ${y!.data} there`);
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
    private readonly options: OnnxModelOptions,
  ) {
    this.emptyState = emptyState(architecture);
  }

  get chunkTokens(): number | undefined {
    return this.options.chunkTokens;
  }

  get longChunkTokens(): number | undefined {
    return this.options.longChunkTokens;
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
    let after: State | undefined;
    return {
      logits: floats(results, graphNames.logits),
      get state() {
        after ??= {
          position: state.position + tokens.length,
          layers: state.layers.map((layer, index) => next(results, index, layer)),
        };
        return after;
      },
    };
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

function feed(feeds: Record<string, ort.Tensor>, index: number, layer: LayerState): void {
  for (const { name, data, shape } of stateInputs(index, layer)) feeds[name] = float32(data, shape);
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

function float32(data: Float32Array, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor("float32", data, dims);
}

function int64(values: readonly number[]): ort.Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
}

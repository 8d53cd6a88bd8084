// onnxruntime, for everything that runs a graph: the only file that imports it. What a graph computes is not known here.
//
// Facts that shape this file (onnxruntime-node 1.30): run() blocks the thread for its whole length; every fetched
// output is copied, so what is fetched must be small; weights are mapped into memory when they are given as external
// data of a file; the memory arena grows by single huge blocks, which kill the process under Electron.

import { availableParallelism } from "node:os";
import "./noReports"; // Before the runtime itself.
import * as ort from "onnxruntime-node";
import { unmeasuredThreads } from "./unmeasuredThreads";

export const RUNTIME_VERSION = ort.env.versions.common;

/** What else than the processor this machine's onnxruntime might compute on: "webgpu", "dml", "cuda", "coreml". */
export function otherProviders(): string[] {
  return ort
    .listSupportedBackends()
    .filter(({ name, bundled }) => bundled && name !== "cpu")
    .map(({ name }) => name);
}

export interface SessionOptions {
  /** Threads for one run; 0: `unmeasuredThreads`. */
  readonly threads: number;
  /** One of `otherProviders()`; absent: the processor. */
  readonly provider?: string;
  /** False: no second copy of the weights in an order of the runtime's own, which a few runs do not repay. */
  readonly prepack?: boolean;
}

export type Tensor = ort.Tensor;

/** By the names of a graph's inputs, or of its outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A graph that is loaded and can be run. */
export class Session {
  private constructor(private readonly session: ort.InferenceSession) {}

  /** Loads `graph` (ONNX bytes), whose weights, if any, are external data in `folder`. */
  static async load(graph: Uint8Array, folder: string, options: SessionOptions): Promise<Session> {
    const { threads, provider, prepack = true } = options;
    const session = await ort.InferenceSession.create(graph, {
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
          ...(!prepack && { disable_prepacking: "1" }),
        },
      },
    });
    return new Session(session);
  }

  run(inputs: Tensors): Promise<Tensors> {
    return this.session.run(inputs);
  }

  /** Gives the memory back. The session is of no use afterwards. */
  dispose(): Promise<void> {
    return this.session.release();
  }
}

export function float32(data: Float32Array, shape: readonly number[]): Tensor {
  return new ort.Tensor("float32", data, shape);
}

export function uint8(data: Uint8Array, shape: readonly number[]): Tensor {
  return new ort.Tensor("uint8", data, shape);
}

/** A list of whole numbers. */
export function int64(values: readonly number[]): Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
}

/** The numbers of the float32 tensor `name`. */
export function floats(tensors: Tensors, name: string): Float32Array {
  return tensors[name]!.data as Float32Array;
}

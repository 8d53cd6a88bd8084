// How fast this machine multiplies by the model's own matrices, for some numbers of threads.
//
// A few of the model's largest linears stand for the whole: nine tenths of a run's time goes into linears, and loading
// the whole model once for each number of threads would take longer than all that a better choice could save.

import type { LinearTimes, ThreadTimes } from "../../protocol/modelJobs";
import { GraphWriter } from "../graph/graphWriter";
import type { Kernels } from "../graph/kernels";
import { Linears } from "../graph/linear";
import { type StoredTensor, Weights } from "../graph/weights";
import type { Architecture, Layer } from "../model/architecture";
import { float32, Session } from "../model/onnxRuntime";
import { type TimedRuns, timeRuns } from "../model/timing";
import { PROBE_ROWS } from "./choices";

/** Matrices of layers all over the model, which may be stored differently; the second must not find the first's bytes in the cache. */
const MATRICES = 4;
const UNDISTURBED_SHARE = 0.7;

/** Measures with each of `threads`. */
export async function timeLinears(
  architecture: Architecture,
  tensors: ReadonlyMap<string, StoredTensor>,
  folder: string,
  kernels: Kernels,
  threads: readonly number[],
): Promise<LinearTimes> {
  const chosen = alikeLinears(architecture);
  const graph = probeGraph(chosen, tensors, kernels);
  const byThreads: ThreadTimes[] = [];
  let isDisturbed = false;
  for (const count of threads) {
    const rows = [1, PROBE_ROWS];
    const [oneRow, manyRows] = await timeGraph(graph, folder, { threads: count, width: chosen.inSize, rows });
    byThreads.push({ threads: count, oneRowMs: oneRow!.fastestMs, manyRowsMs: manyRows!.fastestMs });
    // One row of a small model is too little work for all threads: that some have nothing to do says nothing of others.
    isDisturbed ||= manyRows!.share < UNDISTURBED_SHARE;
  }
  const bytesOf = (isCounted: (name: string) => boolean) =>
    [...tensors].filter(([name]) => isCounted(name)).reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const probed = new Set(chosen.names.map((name) => `${name}.weight`));
  const share = bytesOf((name) => probed.has(name)) / bytesOf((name) => /^model\.layers\..*weight$/.test(name));
  return { byThreads, share, isDisturbed };
}

/** Linears of one shape, in different layers. */
interface AlikeLinears {
  readonly names: readonly string[];
  readonly inSize: number;
  readonly outSize: number;
}

function alikeLinears({ layers, hiddenSize }: Architecture): AlikeLinears {
  const linears = layers.map((layer, index) => {
    const { block, outSize } = widestLinear(layer);
    return { name: `model.layers.${index}.${block}`, outSize };
  });
  const outSize = Math.max(...linears.map((linear) => linear.outSize));
  const names = linears.filter((linear) => linear.outSize === outSize).map(({ name }) => name);
  const step = Math.ceil(names.length / MATRICES);
  return { names: names.filter((_, index) => index % step === 0), inSize: hiddenSize, outSize };
}

/** One whose input is the residual stream. */
function widestLinear(layer: Layer): { readonly block: string; readonly outSize: number } {
  if (layer.mlpWidth > 0) return { block: "mlp_block.gate_proj", outSize: layer.mlpWidth };
  return layer.temporal === "recurrent"
    ? { block: "temporal_block.linear_x", outSize: layer.lruWidth }
    : { block: "temporal_block.q_proj", outSize: layer.numHeads * layer.headDim };
}

/** Applies the linears to one input `x`. */
export function probeGraph(
  { names, inSize, outSize }: AlikeLinears,
  tensors: ReadonlyMap<string, StoredTensor>,
  kernels: Kernels,
): Uint8Array {
  const g = new GraphWriter("linear_probe");
  const linears = new Linears(g, new Weights(g, tensors), kernels);
  const x = g.input("x", "float32", ["T", inSize]);
  const sums = names.map((name) => {
    const y = linears.apply(name, x, inSize, outSize, { bias: false });
    return g.op("ReduceMax", [y, g.constant("int64", [0, 1])], { attributes: { keepdims: 0 } });
  });
  g.op("Sum", sums, { outputs: ["sum"] });
  g.output("sum", "float32", []);
  return g.toModel();
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
  const session = await Session.load(graph, folder, { threads });
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
    await session.dispose();
  }
}

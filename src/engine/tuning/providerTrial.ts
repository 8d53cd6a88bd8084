// A model on the processor and on another provider: equal, and which is faster. Runs in a process of its own, because a
// graphics driver may end the process that calls it.

import type { ProviderTimes, ProviderTrial } from "../../protocol/modelJobs";
import { GraphWriter } from "../graph/graphWriter";
import type { StoredTensor } from "../graph/weights";
import { KvView } from "../model/kvLog";
import { buildModelGraph } from "../model/loadModel";
import type { Model } from "../model/model";
import type { ModelFolder } from "../model/modelFolder";
import { loadOnnxModel } from "../model/onnxModel";
import { float32, otherProviders, Session } from "../model/onnxRuntime";
import type { State } from "../model/state";

const PREFILL_TOKENS = 64;
const PREFILLS = 3;
const DECODED_TOKENS = 8;

/** Throws with the provider's own words when it does not work at all. */
export async function runProviderTrial(
  about: ModelFolder,
  provider: string,
  threads: number,
  signal: AbortSignal,
): Promise<ProviderTrial> {
  const { graph, tensors } = await buildModelGraph(about);
  // Before gigabytes are loaded for nothing.
  refuseUseless(provider, tensors);
  await tryProvider(provider);
  const run = async (options: { threads: number; provider?: string }) => {
    signal.throwIfAborted();
    const model = await loadOnnxModel(graph, about.folder, about.architecture, options);
    const result = await measure(model, signal);
    await model.dispose(); // One after the other: both together may not fit.
    return result;
  };
  const cpu = await run({ threads });
  const other = await run({ threads, provider });
  return { cpu: cpu.times, other: other.times, difference: relativeDifference(other.logits, cpu.logits) };
}

/** Of onnxruntime 1.30: they have no MatMulIntegerToFloat (graph/linear.ts). What a provider cannot do the processor does for it. */
const WITHOUT_INT8_PRODUCTS: ReadonlySet<string> = new Set(["webgpu", "coreml"]);

/** Throws a phrase when all of the model's linears would be left to the processor. */
export function refuseUseless(provider: string, tensors: ReadonlyMap<string, Pick<StoredTensor, "dtype">>): void {
  const isInt8 = [...tensors].some(([name, { dtype }]) => dtype === "I8" && name.startsWith("model.layers."));
  if (isInt8 && WITHOUT_INT8_PRODUCTS.has(provider)) {
    throw new Error("it has no kernel for this model's int8 matrices, which would stay on the processor");
  }
}

/** Runs a small product on `provider`. Throws its own words when it cannot. */
async function tryProvider(provider: string): Promise<void> {
  // One that it does not know onnxruntime-node leaves out without a word.
  if (![...otherProviders(), "cpu"].includes(provider)) throw new Error(`this onnxruntime has no "${provider}"`);
  const g = new GraphWriter("provider_probe");
  const x = g.input("x", "float32", ["T", 2]);
  g.op("MatMul", [x, g.constant("float32", [1, 2, 3, 4], [2, 2])], { outputs: ["y"] });
  g.output("y", "float32", ["T", 2]);
  const session = await Session.load(g.toModel(), ".", { threads: 1, provider });
  const { y } = await session.run({ x: float32(Float32Array.of(1, 1), [1, 2]) });
  await session.dispose();
  if (y!.data[0] !== 4 || y!.data[1] !== 6) throw new Error(`1 + 3 and 2 + 4 are ${y!.data} there`);
}

async function measure(model: Model, signal: AbortSignal): Promise<{ times: ProviderTimes; logits: Float32Array }> {
  const { vocabSize } = model.architecture;
  const tokens = Array.from({ length: PREFILL_TOKENS }, (_, i) => (i * 7919) % vocabSize);
  const { state, logits } = await model.forward(tokens, model.emptyState, [tokens.length - 1]);
  let last = (await model.forward([1], fullState(state), [0])).state;
  const time = async (tokens: readonly number[], logitRows: readonly number[]) => {
    signal.throwIfAborted();
    const began = performance.now();
    last = (await model.forward(tokens, last, logitRows)).state;
    return performance.now() - began;
  };
  const prefills: number[] = [];
  for (let i = 0; i < PREFILLS; i++) prefills.push(await time(tokens, []));
  const decodes: number[] = [];
  for (let i = 0; i < DECODED_TOKENS; i++) decodes.push(await time([i + 2], [0]));
  return { times: { prefillMs: Math.min(...prefills), decodeMs: Math.min(...decodes) }, logits };
}

/**
 * A state as it is in most runs, far from the text's beginning: each run brings the whole windows to the provider, which
 * costs a graphics card the most. Speed does not depend on the numbers.
 */
export function fullState({ position: before, layers }: State): State {
  const windows = layers.map((layer) => (layer.kind === "attention" ? layer.kv.shape.window : 0));
  const position = Math.max(before, ...windows);
  const some = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i));
  return {
    position,
    layers: layers.map((layer) => {
      if (layer.kind === "recurrent") return layer;
      const { shape, firstRow } = layer.kv;
      const numbers = some(shape.window * shape.headDim);
      return { kind: "attention", kv: KvView.restore(shape, position, { keys: numbers, values: numbers }, firstRow) };
    }),
  };
}

/** Root mean square of a − b over that of b. */
function relativeDifference(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let size = 0;
  b.forEach((value, i) => {
    difference += (a[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

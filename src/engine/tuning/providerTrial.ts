// A model on the processor and on another provider: equal, and which is faster. Runs in a process of its own, because a
// graphics driver may end the process that calls it.

import type { ProviderTimes, ProviderTrial } from "../../protocol/modelJobs";
import { GraphWriter } from "../graph/graphWriter";
import type { StoredTensor } from "../graph/weights";
import { type Architecture, SINK_REACH, widestWindow } from "../model/architecture";
import { buildModelGraph, type ModelGraph } from "../model/loadModel";
import type { Model, TokenId } from "../model/model";
import type { ModelFolder } from "../model/modelFolder";
import { loadOnnxModel } from "../model/onnxModel";
import { float32, otherProviders, Session } from "../model/onnxRuntime";
import { atPosition, type State } from "../model/state";
import { Tokenizer } from "../model/tokenizer";

const PREFILL_TOKENS = 64;
const PREFILLS = 3;
const DECODED_TOKENS = 8;
/** Every eighth of the tokens that are read tells of the likeliest next one. */
const COMPARED_ROWS = Array.from({ length: PREFILL_TOKENS / 8 }, (_, i) => 8 * i + 7);
/** Tokens at random are no measure: the bundled model's logits of them move by 9 % with the rounding, of code by 4 %. */
const TEXT = `
// The largest sum of numbers that stand side by side.
export function largestSum(numbers: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  let current = 0;
  for (const number of numbers) {
    current = Math.max(number, current + number);
    largest = Math.max(largest, current);
  }
  return largest;
}
`;

/** Throws with the provider's own words when it does not work at all. */
export async function runProviderTrial(
  about: ModelFolder,
  provider: string,
  threads: number,
  signal: AbortSignal,
): Promise<ProviderTrial> {
  const ofProcessor = await buildModelGraph(about);
  // Before gigabytes are loaded for nothing.
  refuseUseless(provider, ofProcessor.tensors);
  await tryProvider(provider);
  const text = await (await Tokenizer.load(about.folder)).encode(TEXT);
  const tokens = Array.from({ length: PREFILL_TOKENS }, (_, i) => text[i % text.length]!);
  const run = async ({ graph }: ModelGraph, options: { threads: number; provider?: string }) => {
    signal.throwIfAborted();
    const model = await loadOnnxModel(graph, about.folder, about.architecture, options);
    const result = await measure(model, tokens, signal);
    await model.dispose(); // One after the other: both together may not fit.
    return result;
  };
  const cpu = await run(ofProcessor, { threads });
  const other = await run(await buildModelGraph(about, provider), { threads, provider });
  return { cpu: cpu.times, other: other.times, difference: relativeDifference(other.logits, cpu.logits) };
}

/** Throws a phrase when all of the model's linears would be left to the processor, as far as that is known. */
export function refuseUseless(provider: string, tensors: ReadonlyMap<string, Pick<StoredTensor, "dtype">>): void {
  const isRounded = [...tensors].some(([name, { dtype }]) => dtype !== "F32" && name.startsWith("model.layers."));
  // Of onnxruntime 1.30: it has neither MatMulIntegerToFloat nor MatMulNBits (graph/linear.ts).
  if (isRounded && provider === "coreml") {
    throw new Error("it has no kernel for this model's rounded matrices, which would stay on the processor");
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

interface Measured {
  readonly times: ProviderTimes;
  /** After some tokens of a text's beginning, and after one far from it. */
  readonly logits: Float32Array;
}

async function measure(model: Model, tokens: readonly TokenId[], signal: AbortSignal): Promise<Measured> {
  const read = await model.forward(tokens, model.emptyState, COMPARED_ROWS);
  const far = await model.forward(tokens.slice(0, 1), fullState(model.architecture, read.state), [0]);
  const logits = new Float32Array(read.logits.length + far.logits.length);
  logits.set(read.logits);
  logits.set(far.logits, read.logits.length);
  let last = far.state;
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
export function fullState(architecture: Architecture, state: State): State {
  // So far that a sink has left the window, and its reach.
  const position = Math.max(state.position, SINK_REACH, widestWindow(architecture)) + 1;
  return atPosition(state, position, ({ shape }) => {
    const numbers = Float32Array.from({ length: shape.window * shape.headDim }, (_, i) => Math.sin(i));
    return { keys: numbers, values: numbers };
  });
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

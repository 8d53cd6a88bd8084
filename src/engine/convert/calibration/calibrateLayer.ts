// One layer: its linears are rounded one group after the other, each knowing what it gets from those that are rounded
// already, and the text goes on to the next layer as the rounded one leaves it.

import { buildLayerPart } from "../../graph/buildGraph";
import { graphNames, linearInput, stateInputs } from "../../graph/names";
import type { StoredTensor } from "../../graph/weights";
import type { Architecture, Layer } from "../../model/architecture";
import { float32, floats, int64, Session } from "../../model/onnxRuntime";
import { emptyState } from "../../model/state";
import { DamagedCheckpoint } from "../damage";
import type { Kernels } from "../kernels";
import { columnOrder, reorder } from "./columnOrder";
import { factor } from "./factor";
import { damp, momentsOf, squaresOf } from "./moments";
import type { Products } from "./products";
import { type InputFactor, roundLinear } from "./roundLinear";
import type { RoundedLinear } from "./tile";

/** A layer's tensors in float32, in a file that is read and changed while the layer is calibrated. */
export interface LayerWeights {
  readonly folder: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  read(name: string): Float32Array;
  write(name: string, values: Float32Array): void;
}

/** The text as one layer hands it to the next. */
export interface HiddenText {
  /** Tokens of each sequence; they follow each other. */
  readonly lengths: readonly number[];
  /** [tokens, D] */
  readonly hidden: Float32Array;
}

export interface LayerTask {
  readonly architecture: Architecture;
  /** The layer's index. */
  readonly layer: number;
  readonly weights: LayerWeights;
  /** Linears to round, with the number of columns that share a grid. The others stay as they are. */
  readonly blocks: ReadonlyMap<string, number>;
  readonly text: HiddenText;
}

export interface Tools {
  readonly products: Products;
  readonly kernels: Kernels;
  readonly signal?: AbortSignal | undefined;
  /** Called with each rounded linear. */
  onRounded(linear: string, rounded: RoundedLinear): void;
}

/** @returns what the rounded layer makes of the text */
export async function calibrateLayer(task: LayerTask, tools: Tools): Promise<HiddenText> {
  const { architecture, layer, weights, blocks } = task;
  const given = new Map<string, Float32Array>();
  for (const { linears, isCut } of groupsOf(architecture.layers[layer]!, `model.layers.${layer}`)) {
    const wanted = linears.filter((name) => blocks.has(name));
    if (wanted.length === 0) continue;
    const inputs = await runLayer(task, tools.signal, given, linears[0]);
    const size = weights.tensors.get(`${linears[0]}.weight`)!.shape[1]!;
    const known = await inputFactor(inputs, size, blocks.get(wanted[0]!)!, tools.products);
    for (const linear of wanted) {
      const values = weights.read(`${linear}.weight`);
      const block = blocks.get(linear)!;
      const toRound = { weights: values, inputs: size, block };
      tools.onRounded(linear, await roundLinear(toRound, known, tools.products, tools.kernels));
      weights.write(`${linear}.weight`, values);
    }
    if (isCut) given.set(linears[0]!, inputs);
  }
  return { lengths: task.text.lengths, hidden: await runLayer(task, tools.signal, given) };
}

/** Linears with one input, in the order in which they are computed. */
interface Group {
  readonly linears: readonly string[];
  /** Its input is worth keeping, so that what comes before need not be computed again. */
  readonly isCut: boolean;
}

function groupsOf(layer: Layer, prefix: string): Group[] {
  const group = (part: string, names: readonly string[], isCut: boolean) => ({
    linears: names.map((name) => `${prefix}.${part}.${name}`),
    isCut,
  });
  const { inward, outward } = temporalLinears(layer);
  return [
    group("temporal_block", inward, false),
    group("temporal_block", [outward], true),
    group("mlp_block", ["gate_proj", "up_proj"], false),
    group("mlp_block", ["down_proj"], true),
  ];
}

/** Those that the layer's input goes into, and the one that its output comes from. */
function temporalLinears({ temporal }: Layer): { readonly inward: readonly string[]; readonly outward: string } {
  switch (temporal) {
    case "attention":
      return { inward: ["q_proj", "k_proj", "v_proj"], outward: "o_proj" };
    case "recurrent":
      return { inward: ["linear_y", "linear_x"], outward: "linear_out" };
  }
}

/** @param inputs x [tokens, size]; as they were, afterwards */
async function inputFactor(
  inputs: Float32Array,
  size: number,
  block: number,
  products: Products,
): Promise<InputFactor> {
  const order = columnOrder(squaresOf(inputs, size), block);
  reorder(inputs, order);
  const upper = await momentsOf(inputs, size, products);
  reorder(inputs, order, true);
  const damping = damp(upper, size);
  if (!Number.isFinite(damping)) {
    throw new DamagedCheckpoint(
      "The checkpoint computes values that are not numbers: it is damaged, or its config.json is another's.",
    );
  }
  await factor(upper, size, damping, products);
  return { order, upper };
}

/**
 * Runs all sequences through the layer as far as the linear `to`, or to its end.
 * @param given linears' inputs that are known already
 * @returns [tokens, size]
 */
export async function runLayer(
  { architecture, layer, weights, text }: Omit<LayerTask, "blocks">,
  signal: AbortSignal | undefined,
  given: ReadonlyMap<string, Float32Array>,
  to?: string,
): Promise<Float32Array> {
  const graph = buildLayerPart(architecture, weights.tensors, { layer, from: [...given.keys()], to });
  const session = await Session.load(graph, weights.folder, { threads: 0, prepack: false });
  const state = stateInputs(layer, emptyState(architecture).layers[layer]!);
  const stateTensors = state.map(({ name, data, shape }) => [name, float32(data, shape)] as const);
  const tokens = text.lengths.reduce((sum, length) => sum + length, 0);
  let result = new Float32Array(0);
  let first = 0;
  try {
    for (const length of text.lengths) {
      signal?.throwIfAborted();
      const rowsOf = (values: Float32Array) => {
        const size = values.length / tokens;
        return float32(values.subarray(first * size, (first + length) * size), [length, size]);
      };
      const results = await session.run({
        [graphNames.hidden]: rowsOf(text.hidden),
        [graphNames.tokenIds]: int64(new Array<number>(length).fill(0)),
        [graphNames.position]: int64([0]),
        ...Object.fromEntries(stateTensors),
        ...Object.fromEntries([...given].map(([linear, values]) => [linearInput(linear), rowsOf(values)])),
      });
      const rows = floats(results, graphNames.partOutput);
      const size = rows.length / length;
      if (first === 0) result = new Float32Array(tokens * size);
      result.set(rows, first * size);
      first += length;
    }
  } finally {
    await session.dispose();
  }
  return result;
}

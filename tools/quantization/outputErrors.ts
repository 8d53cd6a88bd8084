// What ways of rounding do to the outputs of single linears, on text that calibration has not seen: with E the error of
// the weights W and H = Σ x xᵀ over the inputs, the share tr(E H Eᵀ) / tr(W H Wᵀ). Steadier than bits of whole models.

import {
  calibrateLayer,
  groupsOf,
  type HiddenText,
  type LayerWeights,
  runLayer,
  type Tools,
} from "../../src/engine/convert/calibration/calibrateLayer";
import { momentsOf } from "../../src/engine/convert/calibration/moments";
import type { Products } from "../../src/engine/convert/calibration/products";
import type { TokenId } from "../../src/engine/model/model";
import type { ModelFolder } from "../../src/engine/model/modelFolder";
import { blocksOf, GPTQ_BLOCK, loadTools, textOf, weightsOf } from "./calibrated";
import { type BlockRounding, nearest4, nearest8, searched4 } from "./roundings";

type Sequences = readonly (readonly TokenId[])[];

const COMPARED: Readonly<Record<string, BlockRounding>> = {
  "8 bits, 128": nearest8(128),
  "nearest, 32": nearest4(GPTQ_BLOCK),
  "searched, 32": searched4(GPTQ_BLOCK),
};

/** Prints a table: a row for each way, a column for each kind of linear. Changes the folder's weights. */
export async function printOutputErrors(
  about: ModelFolder,
  layers: readonly number[],
  seen: Sequences,
  unseen: Sequences,
): Promise<void> {
  const { architecture } = about;
  const weights = await weightsOf(about);
  const tools = await loadTools(() => {});
  const nothing = new Map<string, number>();
  const shares = new Map<string, Map<string, number[]>>();
  const note = (way: string, linear: string, share: number) => {
    const kinds = shares.get(way) ?? new Map<string, number[]>();
    const kind = linear.replace(/^.*\./, "").replace(/_proj$/, "");
    kinds.set(kind, [...(kinds.get(kind) ?? []), share]);
    shares.set(way, kinds);
  };
  let [known, other] = [textOf(about, weights, seen), textOf(about, weights, unseen)];
  for (let layer = 0; layer <= Math.max(...layers); layer++) {
    const task = { architecture, layer, weights };
    if (layers.includes(layer)) {
      const before = await linearsOf(task, other, tools);
      for (const { linear, values, moments } of before) {
        for (const [way, rounding] of Object.entries(COMPARED)) {
          note(way, linear, await shareOf(rounded(values, rounding), values, moments, tools.products));
        }
      }
      const next = await calibrateLayer({ ...task, blocks: nothing, text: known }, tools);
      await calibrateLayer({ ...task, blocks: blocksOf(weights, layer), text: known }, tools);
      for (const { linear, values, moments } of before) {
        const after = weights.read(`${linear}.weight`);
        if (blocksOf(weights, layer).has(linear)) {
          note("GPTQ, 32", linear, await shareOf(after, values, moments, tools.products));
        }
        weights.write(`${linear}.weight`, values);
      }
      known = next;
    } else known = await calibrateLayer({ ...task, blocks: nothing, text: known }, tools);
    other = await calibrateLayer({ ...task, blocks: nothing, text: other }, tools);
  }
  const kinds = [...new Set([...shares.values()].flatMap((ofWay) => [...ofWay.keys()]))];
  console.log(`| linears | all but keys and values | ${kinds.join(" | ")} |\n|${"---|".repeat(kinds.length + 2)}`);
  for (const [way, ofWay] of shares) {
    const percent = (values: readonly number[]) =>
      values.length === 0
        ? ""
        : `${(100 * Math.sqrt(values.reduce((sum, value) => sum + value, 0) / values.length)).toFixed(2)} %`;
    const most = kinds.filter((kind) => kind !== "k" && kind !== "v").flatMap((kind) => ofWay.get(kind) ?? []);
    const cells = [way, percent(most), ...kinds.map((kind) => percent(ofWay.get(kind) ?? []))];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

interface Linear {
  readonly linear: string;
  readonly values: Float32Array;
  /** H [inputs, inputs], whole. */
  readonly moments: Float32Array;
}

async function linearsOf(
  task: { architecture: ModelFolder["architecture"]; layer: number; weights: LayerWeights },
  text: HiddenText,
  tools: Tools,
): Promise<Linear[]> {
  const { architecture, layer, weights } = task;
  const found: Linear[] = [];
  for (const { linears } of groupsOf(architecture.layers[layer]!, `model.layers.${layer}`)) {
    const size = weights.tensors.get(`${linears[0]}.weight`)!.shape[1]!;
    const inputs = await runLayer({ ...task, text }, tools, new Map(), linears[0]);
    const moments = await momentsOf(inputs, size, tools.products);
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) moments[i * size + j] = moments[j * size + i]!;
    for (const linear of linears) found.push({ linear, values: weights.read(`${linear}.weight`), moments });
  }
  return found;
}

async function shareOf(
  rounded: Float32Array,
  values: Float32Array,
  moments: Float32Array,
  products: Products,
): Promise<number> {
  const error = rounded.map((value, i) => value - values[i]!);
  return (await energy(error, moments, products)) / (await energy(values, moments, products));
}

/** tr(A H Aᵀ) for A [outputs, inputs]. */
async function energy(a: Float32Array, moments: Float32Array, products: Products): Promise<number> {
  const size = Math.sqrt(moments.length);
  const rows = a.length / size;
  const transposed = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) transposed[(i % size) * rows + Math.floor(i / size)] = a[i]!;
  const product = await products.transposed({ data: transposed, columns: rows }, { data: moments, columns: size });
  return product.reduce((sum, value, i) => sum + value * a[i]!, 0);
}

function rounded(values: Float32Array, { bits, size, round }: BlockRounding): Float32Array {
  const packed = new Uint8Array((size * bits) / 8);
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += size) {
    const { scale, zeroPoint } = round(values.subarray(start, start + size), packed, 0);
    for (let i = 0; i < size; i++) {
      const q = bits === 8 ? packed[i]! : (packed[i >> 1]! >> (4 * (i & 1))) & 15;
      result[start + i] = (q - zeroPoint) * scale;
    }
  }
  return result;
}

// What rounding weights costs, on real ones: how far the outputs of some of the bundled model's linears move, on text that
// calibration has not seen. The weights are 8 bits to begin with, and count here as what is to be rounded.

import assert from "node:assert/strict";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { type HiddenText, runLayer } from "../../src/engine/convert/calibration/calibrateLayer";
import { columnOrder, reorder } from "../../src/engine/convert/calibration/columnOrder";
import { factor } from "../../src/engine/convert/calibration/factor";
import { damp, momentsOf, squaresOf } from "../../src/engine/convert/calibration/moments";
import type { Products } from "../../src/engine/convert/calibration/products";
import { roundLinear } from "../../src/engine/convert/calibration/roundLinear";
import { RuntimeProducts } from "../../src/engine/convert/calibration/runtimeProducts";
import { readSequences } from "../../src/engine/convert/calibration/texts";
import { wasmKernels } from "../../src/engine/convert/wasmKernels";
import type { StoredTensor } from "../../src/engine/graph/weights";
import { readTensors } from "../../src/engine/model/loadModel";
import { type ModelFolder, readModelFolder } from "../../src/engine/model/modelFolder";
import { BUNDLED_MODEL } from "../support/engineHarness";
import { floatsOf } from "../support/logits";
import { quantizeBlock4, quantizeBlock8 } from "../support/quantize";

/** One that attends, with an MLP, in the middle of the model. */
const LAYER = 9;
const LINEARS = ["temporal_block.q_proj", "temporal_block.o_proj", "mlp_block.gate_proj", "mlp_block.down_proj"];
/** Of so many sequences of the sample one is measured on, and the others are calibrated on. */
const MEASURED_OF = 4;
const BLOCK = 32;

interface Linear {
  /** W [outputs, inputs] */
  readonly weights: Float32Array;
  readonly inputs: number;
  /** What goes into it: of the text that is calibrated on, and of the other [tokens, inputs]. */
  readonly known: Float32Array;
  readonly unseen: Float32Array;
}

/** @returns what the rounded weights stand for */
type Way = (linear: Linear, products: Products) => Float32Array | Promise<Float32Array>;

const WAYS: Readonly<Record<string, Way>> = {
  "8 bits, blocks of 128": ({ weights }) => inBlocks(weights, 128, rounded8),
  "4 bits, equal steps over a block's range": ({ weights }) => inBlocks(weights, BLOCK, roundedToRange),
  "4 bits, searched": ({ weights }) => inBlocks(weights, BLOCK, searched4),
  "4 bits, searched and calibrated": calibrated4,
};

describe("rounding the bundled model's weights", () => {
  // `npm test -- engine --grep "rounding table"` prints it.
  it("rounding table: how far linears' outputs move, as a share of their size", async function () {
    this.timeout(300_000);
    const about = await readModelFolder(BUNDLED_MODEL);
    const linears = await linearsOf(about);
    const products = await RuntimeProducts.load();
    const table: Record<string, Record<string, string>> = {};
    const all: number[] = [];
    for (const [way, round] of Object.entries(WAYS)) {
      const shares: [name: string, share: number][] = [];
      for (const [name, linear] of linears) {
        const { weights, inputs, unseen } = linear;
        const rounded = await round(linear, products);
        const lost = await outputSize(
          rounded.map((value, i) => value - weights[i]!),
          inputs,
          unseen,
          products,
        );
        shares.push([name.replace(/^.*\./, ""), lost / (await outputSize(weights, inputs, unseen, products))]);
      }
      const mean = rootMeanSquare(shares.map(([, share]) => share));
      all.push(mean);
      const percent = ([name, share]: [string, number]) => [name, `${(100 * share).toFixed(2)} %`];
      table[way] = Object.fromEntries([["all", mean] as [string, number], ...shares].map(percent));
    }
    await products.dispose();
    console.table(table);
    // What was measured first, and a little more.
    const [eight, plain, searched, calibrated] = all as [number, number, number, number];
    assert.ok(eight < 0.005 && searched < 0.065 && calibrated < 0.05);
    assert.ok(searched < plain && calibrated < 0.8 * searched, "each step is worth something");
  });
});

async function linearsOf(about: ModelFolder): Promise<Map<string, Linear>> {
  const { architecture, folder } = about;
  const tensors = await readTensors(about);
  const sequences = await readSequences("shipped", folder, about.tokens.bos);
  const lengths = sequences.map(({ length }) => length);
  let text: HiddenText = { lengths, hidden: embedded(about, tensors, sequences.flat()) };
  const task = (layer: number) => {
    const ofLayer = [...tensors].filter(([name]) => name.startsWith(`model.layers.${layer}.`));
    return { architecture, layer, weights: { folder, tensors: new Map(ofLayer), read: unused, write: unused }, text };
  };
  for (let layer = 0; layer < LAYER; layer++) {
    text = { lengths, hidden: await runLayer(task(layer), undefined, new Map()) };
  }
  const linears = new Map<string, Linear>();
  for (const part of LINEARS) {
    const name = `model.layers.${LAYER}.${part}`;
    const given = await runLayer(task(LAYER), undefined, new Map(), name);
    const weights = linearOf(folder, tensors, name);
    const inputs = given.length / sequences.flat().length;
    const [known, unseen]: [Float32Array[], Float32Array[]] = [[], []];
    let first = 0;
    for (const [index, length] of lengths.entries()) {
      const rows = given.subarray(first * inputs, (first + length) * inputs);
      (index % MEASURED_OF === 0 ? unseen : known).push(rows);
      first += length;
    }
    linears.set(part, { weights, inputs, known: joined(known), unseen: joined(unseen) });
  }
  return linears;
}

function unused(): never {
  throw new Error("The layer's own weights are neither read nor changed.");
}

/** The tokens' rows of the embedding, scaled [tokens, D]. */
function embedded(
  { architecture, folder }: ModelFolder,
  tensors: ReadonlyMap<string, StoredTensor>,
  tokens: readonly number[],
): Float32Array {
  const valueAt = blocks8(folder, tensors, "model.embed_tokens");
  const { hiddenSize, embeddingScale } = architecture;
  return Float32Array.from({ length: tokens.length * hiddenSize }, (_, i) => {
    return embeddingScale * valueAt(tokens[Math.floor(i / hiddenSize)]! * hiddenSize + (i % hiddenSize));
  });
}

/** What a linear in one of the two 8-bit forms stands for [outputs, inputs]. */
function linearOf(folder: string, tensors: ReadonlyMap<string, StoredTensor>, name: string): Float32Array {
  const { dtype, bytes: length } = tensors.get(`${name}.weight`)!;
  if (dtype === "U8") {
    const valueAt = blocks8(folder, tensors, name);
    return Float32Array.from({ length }, (_, i) => valueAt(i));
  }
  const steps = new Int8Array(bytesOf(folder, tensors.get(`${name}.weight`)!).buffer);
  const scales = floatsOf(bytesOf(folder, tensors.get(`${name}.scale`)!));
  return turned(
    Float32Array.from(steps, (step, i) => step * scales[i % scales.length]!),
    scales.length,
  );
}

/** @returns each number that blocks of 8 bits stand for */
function blocks8(folder: string, tensors: ReadonlyMap<string, StoredTensor>, name: string): (at: number) => number {
  const stored = tensors.get(`${name}.weight`)!;
  const bytes = bytesOf(folder, stored);
  const scales = floatsOf(bytesOf(folder, tensors.get(`${name}.scales`)!));
  const block = stored.shape[2]!;
  return (at) => (bytes[at]! - 128) * scales[Math.floor(at / block)]!;
}

function bytesOf(folder: string, { file, offset, bytes }: StoredTensor): Uint8Array<ArrayBuffer> {
  const into = new Uint8Array(bytes);
  const opened = openSync(join(folder, file), "r");
  assert.equal(readSync(opened, into, 0, bytes, offset), bytes);
  closeSync(opened);
  return into;
}

function inBlocks(
  weights: Float32Array,
  size: number,
  round: (block: Float32Array) => ArrayLike<number>,
): Float32Array {
  const rounded = new Float32Array(weights.length);
  for (let at = 0; at < weights.length; at += size) rounded.set(round(weights.subarray(at, at + size)), at);
  return rounded;
}

function rounded8(block: Float32Array): Float32Array {
  const bytes = new Uint8Array(block.length);
  const scale = quantizeBlock8(block, bytes, 0);
  return Float32Array.from(bytes, (byte) => (byte - 128) * scale);
}

function roundedToRange(block: Float32Array): Float32Array {
  const low = Math.min(0, ...block);
  const scale = (Math.max(0, ...block) - low) / 15 || 1;
  const zeroPoint = Math.round(-low / scale);
  const step = (value: number) => Math.max(0, Math.min(15, Math.round(value / scale) + zeroPoint));
  return block.map((value) => (step(value) - zeroPoint) * scale);
}

function searched4(block: Float32Array): Float32Array {
  const halves = new Uint8Array(block.length / 2);
  const { scale, zeroPoint } = quantizeBlock4(block, halves, 0);
  return block.map((_, i) => (((halves[i >> 1]! >> (4 * (i & 1))) & 15) - zeroPoint) * scale);
}

/** As the converter does it. */
async function calibrated4({ weights, inputs, known }: Linear, products: Products): Promise<Float32Array> {
  const rounded = weights.slice();
  const order = columnOrder(squaresOf(known, inputs), BLOCK);
  const ordered = known.slice();
  reorder(ordered, order);
  const upper = await momentsOf(ordered, inputs, products);
  await factor(upper, inputs, damp(upper, inputs), products);
  await roundLinear({ weights: rounded, inputs, block: BLOCK }, { order, upper }, products, wasmKernels());
  return rounded;
}

/** @param weights [outputs, inputs] @param x [tokens, inputs] */
async function outputSize(weights: Float32Array, inputs: number, x: Float32Array, products: Products): Promise<number> {
  const byInput = (rows: Float32Array) => ({ data: turned(rows, inputs), columns: rows.length / inputs });
  return rootMeanSquare(await products.transposed(byInput(x), byInput(weights)));
}

/** A matrix by its columns. */
function turned(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}

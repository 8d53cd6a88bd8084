// Rounding that knows the inputs, against the paper's own account of it: plain, a column at a time, with an inverse for
// each.

import assert from "node:assert/strict";
import { columnOrder, reorder } from "../../../../src/engine/convert/calibration/columnOrder";
import { factor } from "../../../../src/engine/convert/calibration/factor";
import { damp, momentsOf, squaresOf } from "../../../../src/engine/convert/calibration/moments";
import { roundLinear } from "../../../../src/engine/convert/calibration/roundLinear";
import type { RoundedLinear } from "../../../../src/engine/convert/calibration/tile";
import { assertClose } from "../../../support/assertClose";
import { plainKernels } from "../../../support/plainKernels";
import { plainProducts } from "../../../support/plainProducts";
import { quantizeBlock4 } from "../../../support/quantize";

const BLOCK = 16;

describe("rounding that knows the inputs", () => {
  for (const [inputs, outputs, count] of [
    [16, 3, 40],
    [48, 5, 100],
    [64, 4, 30], // fewer inputs than columns
  ] as const) {
    it(`is GPTQ: ${outputs} outputs of ${inputs} inputs, known from ${count}`, async () => {
      const { x, weights } = example(inputs, count, outputs, inputs);
      const order = columnOrder(squaresOf(x, inputs), BLOCK);
      const expected = gptq(weights, inputs, momentsPlainly(x, inputs), [...order].reverse());
      await calibrated(x, weights, inputs);
      const off = weights.map((value, i) => Math.abs(value - expected[i]!));
      assert(Math.max(...off) < 1e-5, `off by ${Math.max(...off)}`);
    });
  }

  it("factors a matrix in blocks of any width", async () => {
    const size = 40;
    const { x } = example(size, 60, 1, 7);
    for (const block of [1, 7, 16, 40, 64]) {
      const moments = await momentsOf(x, size, plainProducts);
      const damping = damp(moments, size);
      const matrix = moments.slice();
      await factor(matrix, size, damping, plainProducts, block);
      for (let i = 0; i < size; i++) {
        for (let j = i; j < size; j++) {
          let sum = 0;
          for (let k = 0; k <= i; k++) sum += matrix[k * size + i]! * matrix[k * size + j]!;
          assertClose(sum, moments[i * size + j]!, 1e-4, `blocks of ${block}: row ${i}, column ${j}`);
        }
      }
    }
  });

  it("takes the nearest steps of the plain grids when inputs have nothing to do with each other", async () => {
    const inputs = 32;
    const outputs = 6;
    const { weights } = example(inputs, 1, outputs, 3);
    const original = weights.slice();
    const identity = Float32Array.from({ length: inputs * inputs }, (_, i) => (i % (inputs + 1) === 0 ? 1 : 0));
    const { scales, zeroPoints } = await calibrated(identity, weights, inputs);
    for (let block = 0; block < (outputs * inputs) / BLOCK; block++) {
      const grid = quantizeBlock4(original.subarray(block * BLOCK, (block + 1) * BLOCK), new Uint8Array(BLOCK / 2), 0);
      assert.equal(scales[block], grid.scale);
      assert.equal((zeroPoints[block >> 1]! >> (4 * (block & 1))) & 15, grid.zeroPoint);
      for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
        const steps = Array.from({ length: 16 }, (_, q) => (q - grid.zeroPoint) * grid.scale);
        const nearest = Math.min(...steps.map((value) => Math.abs(value - original[i]!)));
        assertClose(Math.abs(weights[i]! - original[i]!), nearest, 1e-6, `the step of weight ${i}`);
      }
    }
  });

  it("stores what it says that the weights have become", async () => {
    const inputs = 48; // three blocks: the last byte of a row's zero points is half used
    const { x, weights } = example(inputs, 90, 5, 11);
    const stored = await calibrated(x, weights, inputs);
    assert.deepEqual(unpacked(stored, inputs), weights);
  });

  it("halves the error of plain rounding on inputs that it has not seen", async () => {
    const inputs = 64;
    const { x, weights } = example(inputs, 2000, 8, 5);
    const original = weights.slice();
    const seen = x.slice(0, 1000 * inputs);
    const unseen = x.slice(1000 * inputs);
    const rounded = plainlyRounded(original);
    await calibrated(seen, weights, inputs);
    const [plain, knowing] = [rounded, weights].map((values) => outputError(values, original, unseen, inputs));
    assert(knowing! < 0.5 * plain!, `${knowing} of ${plain}`);
  });

  it("rounds columns that no input reaches, and zeros", async () => {
    const inputs = 32;
    const { x, weights } = example(inputs, 50, 2, 13);
    for (let i = 0; i < x.length; i++) if (i % inputs < 20) x[i] = 0;
    weights.fill(0, 0, inputs);
    const original = weights.slice();
    await calibrated(x, weights, inputs);
    for (const [i, value] of weights.entries()) assertClose(value, original[i]!, 0.5, `weight ${i}`);
    assert(weights.subarray(0, inputs).every((value) => value === 0));
  });
});

describe("the order of columns", () => {
  it("keeps blocks together, the most used first to be rounded, which is last", () => {
    assert.deepEqual([...columnOrder(Float64Array.of(1, 9, 3, 2, 0, 0.5), 2)], [4, 5, 3, 2, 0, 1]);
  });

  it("is given back", () => {
    const rows = Float32Array.of(1, 2, 3, 4, 5, 6);
    const order = Int32Array.of(2, 0, 1);
    reorder(rows, order);
    assert.deepEqual([...rows], [3, 1, 2, 6, 4, 5]);
    reorder(rows, order, true);
    assert.deepEqual([...rows], [1, 2, 3, 4, 5, 6]);
  });
});

/** Inputs that are alike in part, some large, and weights: always the same for the same seed. */
function example(inputs: number, count: number, outputs: number, seed: number) {
  const random = randomNumbers(seed);
  const mix = Array.from({ length: inputs * 8 }, random);
  const x = new Float32Array(count * inputs);
  for (let row = 0; row < count; row++) {
    const hidden = Array.from({ length: 8 }, random);
    for (let i = 0; i < inputs; i++) {
      const shared = hidden.reduce((sum, value, k) => sum + value * mix[i * 8 + k]!, 0);
      x[row * inputs + i] = (shared + 0.3 * random()) * (i % 5 === 0 ? 3 : 1);
    }
  }
  return { x, weights: Float32Array.from({ length: outputs * inputs }, random) };
}

/** From −1 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** The whole way, as the converter goes it. @param x [count, inputs] @param weights become what is stored */
async function calibrated(x: Float32Array, weights: Float32Array, inputs: number): Promise<RoundedLinear> {
  const order = columnOrder(squaresOf(x, inputs), BLOCK);
  const ordered = x.slice();
  reorder(ordered, order);
  const upper = await momentsOf(ordered, inputs, plainProducts);
  await factor(upper, inputs, damp(upper, inputs), plainProducts, BLOCK + 3);
  return roundLinear({ weights, inputs, block: BLOCK }, { order, upper }, plainProducts, plainKernels);
}

/** H, damped. */
function momentsPlainly(x: Float32Array, size: number): number[][] {
  const h = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let start = 0; start < x.length; start += size) {
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) h[i]![j]! += x[start + i]! * x[start + j]!;
  }
  const damping = (0.01 * h.reduce((sum, row, i) => sum + row[i]!, 0)) / size;
  for (let i = 0; i < size; i++) h[i]![i]! += damping;
  return h;
}

/** Algorithm 1 of the paper without its blocks: a column's error goes to all that are left, by H⁻¹ of those left. */
function gptq(weights: Float32Array, inputs: number, h: number[][], order: readonly number[]): Float64Array {
  const w = Float64Array.from(weights);
  const result = new Float64Array(w.length);
  const inverses = order.map((_, i) => {
    const left = order.slice(i);
    return inverted(left.map((row) => left.map((other) => h[row]![other]!)))[0]!;
  });
  for (let output = 0; output < w.length / inputs; output++) {
    const at = (column: number) => output * inputs + column;
    for (let first = 0; first < inputs; first += BLOCK) {
      const block = order.slice(first, first + BLOCK);
      const { scale, zeroPoint } = quantizeBlock4(
        Float32Array.from(block, (column) => w[at(column)]!),
        new Uint8Array(BLOCK / 2),
        0,
      );
      block.forEach((column, i) => {
        const inverse = inverses[first + i]!;
        const q = Math.max(0, Math.min(15, Math.round(w[at(column)]! / scale) + zeroPoint));
        result[at(column)] = (q - zeroPoint) * scale;
        const error = (w[at(column)]! - result[at(column)]!) / inverse[0]!;
        order.slice(first + i).forEach((other, k) => {
          w[at(other)]! -= error * inverse[k]!;
        });
      });
    }
  }
  return result;
}

/** By Gauss and Jordan; of a positive definite matrix. */
function inverted(matrix: number[][]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i]![i]!;
    rows[i] = rows[i]!.map((value) => value / pivot);
    for (let k = 0; k < size; k++) {
      const factor = rows[k]![i]!;
      if (k !== i) rows[k] = rows[k]!.map((value, j) => value - factor * rows[i]![j]!);
    }
  }
  return rows.map((row) => row.slice(size));
}

function plainlyRounded(weights: Float32Array): Float32Array {
  const packed = new Uint8Array(BLOCK / 2);
  return weights.map((_, i) => {
    const start = i - (i % BLOCK);
    const { scale, zeroPoint } = quantizeBlock4(weights.subarray(start, start + BLOCK), packed, 0);
    return (((packed[(i - start) >> 1]! >> (4 * (i & 1))) & 15) - zeroPoint) * scale;
  });
}

function unpacked({ weight, scales, zeroPoints }: RoundedLinear, inputs: number): Float32Array {
  const perRow = inputs / BLOCK;
  const zeroBytes = Math.ceil(perRow / 2);
  return Float32Array.from({ length: 2 * weight.length }, (_, i) => {
    const block = Math.floor(i / BLOCK);
    const column = block % perRow;
    const zeros = zeroPoints[Math.floor(block / perRow) * zeroBytes + (column >> 1)]!;
    const q = (weight[i >> 1]! >> (4 * (i & 1))) & 15;
    return (q - ((zeros >> (4 * (column & 1))) & 15)) * scales[block]!;
  });
}

/** Σ |(W' − W) x|² over the inputs. */
function outputError(rounded: Float32Array, weights: Float32Array, x: Float32Array, inputs: number): number {
  let error = 0;
  for (let start = 0; start < x.length; start += inputs) {
    for (let output = 0; output < weights.length; output += inputs) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += (rounded[output + i]! - weights[output + i]!) * x[start + i]!;
      error += sum * sum;
    }
  }
  return error;
}

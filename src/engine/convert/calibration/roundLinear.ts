// Rounding to 4 bits that knows the inputs: GPTQ (Frantar et al. 2022, arXiv 2210.17323). The columns that are not yet
// rounded become what makes the errors of the others good, as far as inputs are alike.
//
// The best that columns R can do about the errors e of the others P is to become w_R + e · H_PR · H_RR⁻¹, H being Σ x xᵀ.
// With H = UᵀU in the reverse of the order of rounding, a block J, the next of R, becomes w_J + e · (U_JJ⁻¹ U_JP)ᵀ: so
// its share of all earlier errors is one product, and within the block the same holds for single columns. That is the
// paper's algorithm with a factor of H in the place of one of H⁻¹; a test holds it to the paper's.

import type { Kernels } from "../kernels";
import { invertUpper } from "./factor";
import type { Products } from "./products";

export interface LinearToRound {
  /** W [outputs, inputs]; afterwards what the rounded ones stand for. */
  readonly weights: Float32Array;
  readonly inputs: number;
  /** Columns that share a grid. */
  readonly block: number;
}

/** Knowledge of a linear's inputs; linears with the same inputs share it. */
export interface InputFactor {
  /** Of columnOrder. */
  readonly order: Int32Array;
  /** U [inputs, inputs] in that order; only the upper triangle counts. */
  readonly upper: Float32Array;
}

/** As models/README.md packs 4-bit blocks. */
export interface RoundedLinear {
  readonly weight: Uint8Array;
  readonly scales: Float32Array;
  readonly zeroPoints: Uint8Array;
}

export async function roundLinear(
  { weights, inputs, block }: LinearToRound,
  { order, upper }: InputFactor,
  products: Products,
  kernels: Kernels,
): Promise<RoundedLinear> {
  const outputs = weights.length / inputs;
  const rounded = emptyResult(outputs, inputs, block);
  const tile = new Tile(outputs, block, kernels);
  // A row for each column that has been rounded: columns in `order`, so that those are the last rows.
  const errors = new Float32Array(inputs * outputs);
  for (let first = inputs - block; first >= 0; first -= block) {
    const columns = order.subarray(first, first + block);
    tile.load(weights, inputs, columns);
    const end = first + block;
    const rows = upper.subarray(first * inputs, end * inputs);
    const inverse = invertUpper(corner(rows, inputs, first, block), block);
    if (end < inputs) {
      const solved = { data: transposed(inverse, block), columns: block };
      const bounds = { aFrom: end, aTo: inputs, bFrom: 0 };
      const shares = await products.transposed({ data: rows, columns: inputs }, solved, bounds);
      const before = { data: errors.subarray(end * outputs), columns: outputs };
      tile.add(await products.transposed(before, { data: shares, columns: block }));
    }
    tile.chooseGrids();
    tile.round(inverse, weights, inputs, columns);
    tile.storeErrors(errors.subarray(first * outputs, end * outputs));
    tile.store(rounded, inputs / block, columns);
  }
  return rounded;
}

function emptyResult(outputs: number, inputs: number, block: number): RoundedLinear {
  const perRow = inputs / block;
  return {
    weight: new Uint8Array((outputs * inputs) / 2),
    scales: new Float32Array(outputs * perRow),
    zeroPoints: new Uint8Array(outputs * Math.ceil(perRow / 2)),
  };
}

/** The block of U on its diagonal. */
function corner(rows: Float32Array, inputs: number, first: number, block: number): Float32Array {
  return Float32Array.from({ length: block * block }, (_, i) => {
    return rows[Math.floor(i / block) * inputs + first + (i % block)]!;
  });
}

function transposed(matrix: Float64Array, size: number): Float32Array {
  return Float32Array.from(matrix, (_, i) => matrix[(i % size) * size + Math.floor(i / size)]!);
}

/** One block's columns, of all outputs. */
class Tile {
  /** The weights with what they take from other columns, [outputs, block]. */
  readonly #values: Float32Array;
  readonly #steps: Uint8Array;
  readonly #scales: Float32Array;
  /** Two outputs a byte. */
  readonly #zeroPoints: Uint8Array;
  readonly #errors: Float32Array;

  constructor(
    private readonly outputs: number,
    private readonly block: number,
    private readonly kernels: Kernels,
  ) {
    const count = outputs * block;
    const [values, steps, scales, zeroPoints] = kernels.allocate([4 * count, count, 4 * outputs, outputs]) as [
      ...[Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>],
    ];
    this.#values = new Float32Array(values.buffer, values.byteOffset, count);
    this.#steps = steps;
    this.#scales = new Float32Array(scales.buffer, scales.byteOffset, outputs);
    this.#zeroPoints = zeroPoints.subarray(0, Math.ceil(outputs / 2));
    this.#errors = new Float32Array(count);
  }

  load(weights: Float32Array, inputs: number, columns: Int32Array): void {
    for (let output = 0, at = 0; output < this.outputs; output++) {
      for (let i = 0; i < this.block; i++) this.#values[at++] = weights[output * inputs + columns[i]!]!;
    }
  }

  add(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) this.#values[i]! += values[i]!;
  }

  /** The converter's search, for the weights as they have become. Its steps do not count. */
  chooseGrids(): void {
    this.kernels.quantizeBlocks4(this.#values, this.block, this.#steps, this.#scales, this.#zeroPoints);
  }

  /**
   * Rounds each output's values from the last to the first, which make the others' errors good at once.
   * @param inverse of the factor's block
   */
  round(inverse: Float64Array, weights: Float32Array, inputs: number, columns: Int32Array): void {
    const { block, outputs } = this;
    // What column k takes from the error of column i, at [i, k].
    const shares = new Float64Array(block * block);
    for (let i = 0; i < block; i++) {
      for (let k = 0; k < i; k++) shares[i * block + k] = -inverse[k * block + i]! / inverse[i * block + i]!;
    }
    const values = this.#values;
    for (let output = 0; output < outputs; output++) {
      const start = output * block;
      const scale = this.#scales[output]!;
      const perStep = scale === 0 ? 0 : 1 / scale;
      const zeroPoint = this.#zeroPointOf(output);
      for (let i = block - 1; i >= 0; i--) {
        const at = output * inputs + columns[i]!;
        const q = Math.max(0, Math.min(15, Math.round(values[start + i]! * perStep) + zeroPoint));
        const value = (q - zeroPoint) * scale;
        const error = values[start + i]! - value;
        for (let k = 0; k < i; k++) values[start + k]! += error * shares[i * block + k]!;
        this.#errors[start + i] = weights[at]! - value; // All of it: products know it from the weight as it was.
        weights[at] = value;
        this.#steps[start + i] = q;
      }
    }
  }

  /** @param errors [block, outputs] */
  storeErrors(errors: Float32Array): void {
    for (let i = 0; i < this.block; i++) {
      for (let output = 0; output < this.outputs; output++) {
        errors[i * this.outputs + output] = this.#errors[output * this.block + i]!;
      }
    }
  }

  /** @param columns of one block, in any order */
  store({ weight, scales, zeroPoints }: RoundedLinear, perRow: number, columns: Int32Array): void {
    const { block } = this;
    const index = Math.floor(columns[0]! / block);
    const zeroBytes = Math.ceil(perRow / 2);
    for (let output = 0; output < this.outputs; output++) {
      scales[output * perRow + index] = this.#scales[output]!;
      zeroPoints[output * zeroBytes + (index >> 1)]! |= this.#zeroPointOf(output) << (4 * (index & 1));
      for (let i = 0; i < block; i++) {
        const at = output * perRow * block + columns[i]!;
        weight[at >> 1]! |= this.#steps[output * block + i]! << (4 * (at & 1));
      }
    }
  }

  #zeroPointOf(output: number): number {
    return (this.#zeroPoints[output >> 1]! >> (4 * (output & 1))) & 15;
  }
}

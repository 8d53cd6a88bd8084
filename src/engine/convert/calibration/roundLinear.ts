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
import { type RoundedLinear, Tile } from "./tile";

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
      tile.add(await products.transposed({ data: shares, columns: block }, before));
    }
    tile.chooseGrids();
    tile.round(inverse);
    tile.store(weights, inputs, columns, errors.subarray(first * outputs, end * outputs));
    tile.pack(rounded, inputs / block, columns);
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

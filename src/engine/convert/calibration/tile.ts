// One block's columns of a linear, of all outputs, while they are rounded. Columns lie one after the other, so that many
// outputs are rounded at once.

import { floatsOf, type Kernels } from "../kernels";

/** As models/README.md packs 4-bit blocks. */
export interface RoundedLinear {
  readonly weight: Uint8Array;
  readonly scales: Float32Array;
  readonly zeroPoints: Uint8Array;
}

export class Tile {
  /** What is to be rounded, then what it has become, [block, outputs]. */
  readonly #values: Float32Array;
  /** The same by outputs, as the search for grids wants it. */
  readonly #byOutput: Float32Array;
  readonly #packed: Uint8Array;
  readonly #steps: Uint8Array;
  readonly #scales: Float32Array;
  /** Two outputs a byte. */
  readonly #halves: Uint8Array;
  readonly #zeroPoints: Float32Array;
  /** What column i takes from the error of column k, at [i, k]. */
  readonly #shares: Float32Array;

  /** @param kernels whose memory it takes: they are good for no other work while the tile is in use */
  constructor(
    private readonly outputs: number,
    private readonly block: number,
    private readonly kernels: Kernels,
  ) {
    const count = outputs * block;
    const [values, byOutput, packed, steps, scales, halves, zeroPoints, shares] = kernels.allocate([
      4 * count,
      4 * count,
      count / 2,
      count,
      4 * outputs,
      Math.ceil(outputs / 2),
      4 * outputs,
      4 * block * block,
    ]);
    this.#values = floatsOf(values);
    this.#byOutput = floatsOf(byOutput);
    this.#packed = packed;
    this.#steps = steps;
    this.#scales = floatsOf(scales);
    this.#halves = halves;
    this.#zeroPoints = floatsOf(zeroPoints);
    this.#shares = floatsOf(shares);
  }

  /** @param weights [outputs, inputs] @param columns of one block, in any order */
  load(weights: Float32Array, inputs: number, columns: Int32Array): void {
    const { outputs, block } = this;
    const values = this.#values;
    for (let output = 0; output < outputs; output++) {
      for (let i = 0; i < block; i++) values[i * outputs + output] = weights[output * inputs + columns[i]!]!;
    }
  }

  /** @param more [block, outputs] */
  add(more: Float32Array): void {
    const values = this.#values;
    for (let i = 0; i < values.length; i++) values[i]! += more[i]!;
  }

  /** The converter's own search, for what the weights have become. Its steps do not count. */
  chooseGrids(): void {
    const { outputs, block } = this;
    const [values, byOutput] = [this.#values, this.#byOutput];
    for (let output = 0; output < outputs; output++) {
      for (let i = 0; i < block; i++) byOutput[output * block + i] = values[i * outputs + output]!;
    }
    this.kernels.quantizeBlocks4(byOutput, block, this.#packed, this.#scales, this.#halves);
    for (let output = 0; output < outputs; output++) {
      this.#zeroPoints[output] = (this.#halves[output >> 1]! >> (4 * (output & 1))) & 15;
    }
  }

  /** From the last column to the first, each of which makes good what it can of the errors of those before. */
  round(inverse: Float64Array): void {
    const { block } = this;
    this.#shares.set(inverse.map((value, at) => -value / inverse[(at % block) * (block + 1)]!));
    this.kernels.roundTile(this.#values, this.#shares, this.#scales, this.#zeroPoints, this.#steps);
  }

  /**
   * Puts what the weights have become in their place.
   * @param errors become what is lost, all of it, [block, outputs]
   */
  store(weights: Float32Array, inputs: number, columns: Int32Array, errors: Float32Array): void {
    const { outputs, block } = this;
    const values = this.#values;
    for (let output = 0; output < outputs; output++) {
      for (let i = 0; i < block; i++) {
        const at = output * inputs + columns[i]!;
        const value = values[i * outputs + output]!;
        errors[i * outputs + output] = weights[at]! - value;
        weights[at] = value;
      }
    }
  }

  pack({ weight, scales, zeroPoints }: RoundedLinear, perRow: number, columns: Int32Array): void {
    const { outputs, block } = this;
    const steps = this.#steps;
    const index = Math.floor(columns[0]! / block);
    const zeroBytes = Math.ceil(perRow / 2);
    for (let output = 0; output < outputs; output++) {
      scales[output * perRow + index] = this.#scales[output]!;
      zeroPoints[output * zeroBytes + (index >> 1)]! |= this.#zeroPoints[output]! << (4 * (index & 1));
      for (let i = 0; i < block; i++) {
        const at = output * perRow * block + columns[i]!;
        weight[at >> 1]! |= steps[i * outputs + output]! << (4 * (at & 1));
      }
    }
  }
}

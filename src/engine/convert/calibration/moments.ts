// What calibration knows of a linear's inputs: H = Σ x xᵀ, of which only the upper triangle is computed.

import type { Products } from "./products";

/** Rows of H that are computed at once. */
const STRIP = 512;

/**
 * @param inputs x [count, size]
 * @returns H [size, size]; what is below its diagonal means nothing
 */
export async function momentsOf(inputs: Float32Array, size: number, products: Products): Promise<Float32Array> {
  const moments = new Float32Array(size * size);
  const x = { data: inputs, columns: size };
  for (let first = 0; first < size; first += STRIP) {
    const end = Math.min(first + STRIP, size);
    const strip = await products.transposed(x, x, { aFrom: first, aTo: end, bFrom: first });
    const width = size - first;
    for (let row = first; row < end; row++) {
      const from = (row - first) * width;
      moments.set(strip.subarray(from, from + width), row * size + first);
    }
  }
  return moments;
}

/** H's diagonal. @param inputs x [count, size] */
export function squaresOf(inputs: Float32Array, size: number): Float64Array {
  const squares = new Float64Array(size);
  for (let start = 0; start < inputs.length; start += size) {
    for (let i = 0; i < size; i++) squares[i]! += inputs[start + i]! ** 2;
  }
  return squares;
}

/** Of the mean of H's diagonal: so much is added to each of its values, as in the paper. */
const DAMPING = 0.01;

/**
 * Keeps what text does not tell apart from being told apart by chance.
 * @returns what was added to each value of the diagonal; where there were no inputs, all columns become equal
 */
export function damp(moments: Float32Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += moments[i * size + i]!;
  const damping = sum === 0 ? 1 : (DAMPING * sum) / size;
  for (let i = 0; i < size; i++) moments[i * size + i]! += damping;
  return damping;
}

// The Cholesky factor of a large matrix, block row by block row: the blocks on the diagonal here, in float64, and all
// else as products.

import type { Products } from "./products";

/** Wide enough that products are worth a call, narrow enough that the diagonal's blocks take no time. */
const BLOCK = 128;

/**
 * Puts U, upper triangular with UᵀU = `matrix`, in the place of the matrix's upper triangle. What is below means nothing.
 * @param matrix [size, size], symmetric and positive definite
 * @param smallestPivot what no pivot is below but for rounding: the damping, for a sum of squares that was damped
 */
export async function factor(
  matrix: Float32Array,
  size: number,
  smallestPivot: number,
  products: Products,
  block = BLOCK,
): Promise<void> {
  for (let first = 0; first < size; first += block) {
    const rows = Math.min(block, size - first);
    const end = first + rows;
    if (first > 0) {
      const done = { data: matrix.subarray(0, first * size), columns: size };
      const known = await products.transposed(done, done, { aFrom: first, aTo: end, bFrom: first });
      forEachRow(known, rows, size - first, (row, i) => {
        const start = (first + i) * size + first;
        for (let k = 0; k < row.length; k++) matrix[start + k]! -= row[k]!;
      });
    }
    const corner = read(matrix, size, first, first, rows, rows);
    const upper = factorOf(corner, rows, smallestPivot);
    write(matrix, size, first, first, upper, rows);
    if (end === size) return;
    // Uᵀ₁₁ U₁₂ = A₁₂
    const inverse = { data: Float32Array.from(invertUpper(upper, rows)), columns: rows };
    const beside = { data: read(matrix, size, first, end, rows, size - end), columns: size - end };
    write(matrix, size, first, end, await products.transposed(inverse, beside), size - end);
  }
}

/** Of one block, plainly. */
function factorOf(matrix: ArrayLike<number>, size: number, smallestPivot: number): Float64Array {
  const upper = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < i; k++) sum -= upper[k * size + i]! * upper[k * size + j]!;
      upper[i * size + j] = i === j ? Math.sqrt(Math.max(sum, smallestPivot)) : sum / upper[i * size + i]!;
    }
  }
  return upper;
}

/** The inverse of a small matrix [size, size] that is upper triangular, and so is it. */
export function invertUpper(upper: ArrayLike<number>, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    inverse[j * size + j] = 1 / upper[j * size + j]!;
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = i + 1; k <= j; k++) sum += upper[i * size + k]! * inverse[k * size + j]!;
      inverse[i * size + j] = -sum / upper[i * size + i]!;
    }
  }
  return inverse;
}

function read(matrix: Float32Array, size: number, row: number, column: number, rows: number, columns: number) {
  const part = new Float32Array(rows * columns);
  forEachRow(part, rows, columns, (target, i) => {
    const start = (row + i) * size + column;
    target.set(matrix.subarray(start, start + columns));
  });
  return part;
}

function write(
  matrix: Float32Array,
  size: number,
  row: number,
  column: number,
  part: Float32Array | Float64Array,
  columns: number,
): void {
  forEachRow(part, part.length / columns, columns, (source, i) => matrix.set(source, (row + i) * size + column));
}

function forEachRow<T extends Float32Array | Float64Array>(
  matrix: T,
  rows: number,
  columns: number,
  visit: (row: T, index: number) => void,
): void {
  for (let i = 0; i < rows; i++) visit(matrix.subarray(i * columns, (i + 1) * columns) as T, i);
}

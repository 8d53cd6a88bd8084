// The heavy products of calibration, as its arithmetic asks for them: runtimeProducts.ts has them from onnxruntime.

/** Numbers row by row. */
export interface Matrix {
  readonly data: Float32Array;
  readonly columns: number;
}

/** Columns that take part: of a matrix `a` those from `aFrom` to before `aTo`, of `b` those from `bFrom` on. */
export interface Columns {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
}

export interface Products {
  /**
   * aᵀ · b for matrices with equally many rows, of all columns or of some.
   * @returns a row for each column of a that takes part, with as many numbers as columns of b do
   */
  transposed(a: Matrix, b: Matrix, columns?: Columns): Promise<Float32Array>;
}

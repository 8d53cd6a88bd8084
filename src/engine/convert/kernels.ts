// The converter's inner loops, as encodeRows.ts calls them. wasmKernels.ts has them; test/support/plainKernels.ts has them in
// plain TypeScript. The two agree to the bit.

import type { FloatType } from "./floats";

/** As many arrays as there are sizes. */
export type Room<Sizes extends readonly number[]> = { -readonly [K in keyof Sizes]: Uint8Array<ArrayBuffer> };

/** `map`, whose type forgets the length. */
export function roomOf<const Sizes extends readonly number[]>(
  sizes: Sizes,
  allocate: (size: number, index: number) => Uint8Array<ArrayBuffer>,
): Room<Sizes> {
  return sizes.map(allocate) as Room<Sizes>;
}

/** Such an array's bytes as float32. */
export function floatsOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return new Float32Array(buffer, byteOffset, length / 4);
}

/** The scale of a row or block whose largest magnitude becomes 127; 0 for zeros. */
export function scaleOf(largest: number): number {
  return Math.fround(largest / 127);
}

export interface Kernels {
  /** Room for what the other functions take, one array for each size in bytes. Takes back what it gave before. */
  allocate<const Sizes extends readonly number[]>(sizes: Sizes): Room<Sizes>;

  /**
   * A checkpoint's numbers as float32.
   * @returns the largest magnitude; not finite where one of the numbers is not
   */
  widen(type: FloatType, from: Uint8Array<ArrayBuffer>, to: Float32Array): number;

  /** Rounds to int8 from −127 to 127: value ≈ int8 · scale. `scale` is above zero. */
  quantizeRow(row: Float32Array, scale: number, out: Uint8Array): void;

  /** `from` has `columns` bytes in each row; its byte [row, column] goes to `to[column · stride + row]`. */
  transpose(from: Uint8Array, columns: number, to: Uint8Array, stride: number): void;

  /** Rounds a row, block by block, to bytes around 128. `size`, of a block, is a multiple of 16. */
  quantizeBlocks8(row: Float32Array, size: number, out: Uint8Array, scales: Float32Array): void;

  /** Rounds a row, block by block, to four bits. `size`, of a block, is a multiple of 16. */
  quantizeBlocks4(
    row: Float32Array,
    size: number,
    out: Uint8Array,
    scales: Float32Array,
    /** Two blocks a byte, the first in the low half. */
    zeroPoints: Uint8Array,
  ): void;

  /**
   * Rounds columns to steps from 0 to 15, from the last to the first: value ≈ (step − zero point) · scale. Before that
   * a column i takes `shares[i, k]` of the error of each later column k.
   * @param values [columns, rows]; become what the steps stand for
   * @param shares [columns, columns], of at most 128 columns
   * @param scales and `zeroPoints`: of each row
   */
  roundTile(
    values: Float32Array,
    shares: Float32Array,
    scales: Float32Array,
    zeroPoints: Float32Array,
    steps: Uint8Array,
  ): void;
}

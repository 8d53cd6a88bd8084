// Rounding of weights to 8 and 4 bits. Pure arithmetic: knows no names, no files, no layout of tensors.
//
// Every step is rounded to float32, and sums are taken in four lanes, because that is what the fast twin
// (assembly/kernels.ts) computes with: the two agree to the bit.

const { abs, fround, max, min } = Math;

/** The nearest whole number of steps, cut at ±127: value ≈ step · scale. `scale` is above zero. */
export function wholeStep(value: number, scale: number): number {
  return max(-127, min(127, nearest(fround(value / scale))));
}

/** The scale with which the largest of `values` becomes 127; 0 for zeros. */
export function scaleOf(largest: number): number {
  return fround(largest / 127);
}

/**
 * Rounds a block to bytes around 128.
 * @returns the scale: value ≈ (byte − 128) · scale
 */
export function quantizeBlock8(block: Float32Array, out: Uint8Array, start: number): number {
  const scale = scaleOf(largestMagnitude(block));
  for (let i = 0; i < block.length; i++) out[start + i] = 128 + wholeStep(block[i]!, scale || 1);
  return scale;
}

/** A grid of sixteen values: value ≈ (q − zeroPoint) · scale, where q, 0 to 15, is nearest to value · inverse + zeroPoint. */
export interface Grid {
  readonly scale: number;
  readonly inverse: number;
  /** 0 to 15 */
  readonly zeroPoint: number;
}

/** Rounds a block, of a multiple of four, to four bits, two values a byte, the first in the low half. */
export function quantizeBlock4(block: Float32Array, out: Uint8Array, start: number): Grid {
  const grid = bestGrid(block);
  const q = (value: number) => grid.zeroPoint + gridStep(value, grid);
  for (let i = 0; i < block.length; i += 2) out[start + i / 2] = q(block[i]!) | (q(block[i + 1]!) << 4);
  return grid;
}

/** How many ranges are tried: the whole one, and each a little narrower. */
const CUTS = 8;
const CUT_STEP = fround(0.05);
/** Below it a block's values are as good as zero, and their squares no longer numbers. */
const SMALLEST_RANGE = fround(1e-15);

/**
 * Of grids that span the block's range or cut some of its ends, and with zero points around the fitting one, the one
 * whose best scale leaves the least squared error.
 */
function bestGrid(block: Float32Array): Grid {
  let low = 0; // Zero is always within the range, so that it is represented exactly.
  let high = 0;
  for (const value of block) {
    low = min(low, value);
    high = max(high, value);
  }
  const range = fround(high - low);
  let best: Grid = { scale: 0, inverse: 0, zeroPoint: 8 };
  if (range < SMALLEST_RANGE) return best;
  let bestGain = 0;
  for (let cut = 0; cut < CUTS; cut++) {
    const share = fround(1 - fround(cut * CUT_STEP));
    const inverse = fround(15 / fround(range * share));
    const cutOff = fround(fround(fround(1 - share) / share) * 7.5);
    const fitting = nearest(fround(fround(-low * inverse) - cutOff));
    for (const shift of [-1, 0, 1]) {
      const zeroPoint = min(15, max(0, fitting + shift));
      const { gain, scale } = fitScale(block, inverse, zeroPoint);
      if (gain > bestGain) {
        bestGain = gain;
        best = { scale, inverse, zeroPoint };
      }
    }
  }
  return best;
}

/**
 * With whole steps t for values w, the scale of the least squared error is Σwt / Σt².
 * @returns it, and what it takes off the squared error: (Σwt)² / Σt²
 */
function fitScale(block: Float32Array, inverse: number, zeroPoint: number): { gain: number; scale: number } {
  const products = [0, 0, 0, 0];
  const squares = [0, 0, 0, 0];
  for (let i = 0; i < block.length; i++) {
    const step = gridStep(block[i]!, { inverse, zeroPoint });
    products[i & 3] = fround(products[i & 3]! + fround(block[i]! * step));
    squares[i & 3] = fround(squares[i & 3]! + step * step);
  }
  const product = sumOfLanes(products);
  const square = sumOfLanes(squares);
  if (square === 0) return { gain: 0, scale: 0 };
  const scale = fround(product / square);
  return { gain: fround(product * scale), scale };
}

/** q − zeroPoint */
function gridStep(value: number, { inverse, zeroPoint }: Pick<Grid, "inverse" | "zeroPoint">): number {
  return min(15 - zeroPoint, max(-zeroPoint, nearest(fround(value * inverse))));
}

function sumOfLanes(lanes: readonly number[]): number {
  return fround(fround(lanes[0]! + lanes[2]!) + fround(lanes[1]! + lanes[3]!));
}

/** Not finite where one of the values is not. */
export function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = max(largest, abs(value)); // Math.max passes NaN on.
  return largest;
}

/** The nearest whole number, ties to even: adding and taking away 1.5 · 2^52 leaves a double without its fraction. */
function nearest(value: number): number {
  return value + 6755399441055744 - 6755399441055744;
}

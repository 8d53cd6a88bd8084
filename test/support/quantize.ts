// The converter's rounding of weights to 8 and 4 bits, in plain TypeScript. Pure arithmetic: knows no names, no files, no layout of tensors.
//
// Every step with floats is rounded to float32, because that is what the converter itself (assembly/kernels.ts) computes with:
// the two agree to the bit.

import { scaleOf } from "../../src/engine/convert/kernels";

const { abs, fround, max, min } = Math;

/** The nearest whole number of steps, cut at ±127: value ≈ step · scale. `scale` is above zero. */
export function wholeStep(value: number, scale: number): number {
  return max(-127, min(127, nearest(fround(value / scale))));
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

/** A grid of sixteen values: value ≈ (q − zeroPoint) · scale. */
export interface Grid {
  readonly scale: number;
  /** 0 to 15 */
  readonly zeroPoint: number;
  /** Half steps in the block's range. */
  readonly steps: number;
}

/** Rounds a block, of an even number of values, to four bits, two values a byte, the first in the low half. */
export function quantizeBlock4(block: Float32Array, out: Uint8Array, start: number): Grid {
  const { grid, fractions } = bestGrid(block);
  const q = fractions.map((fraction) => grid.zeroPoint + stepOf(fraction, grid.steps, grid.zeroPoint));
  for (let i = 0; i < block.length; i += 2) out[start + i / 2] = q[i]! | (q[i + 1]! << 4);
  return grid;
}

/**
 * Half steps that the range is cut into: 30 is all of it on a grid of 15 steps, more leave some of its ends outside.
 * Finer cuts and other zero points were tried: they take off less than a hundredth of the error, for six times the work.
 */
const STEPS = [30, 32, 34];
/** Below it a block's values are as good as zero. */
const SMALLEST_RANGE = fround(1e-30);
/** A block's values are searched in units of its range / 2^14: whole numbers, so that nothing depends on an order. */
const FRACTION_UNIT = 16384;

/**
 * Of grids that span the block's range or leave some of its ends outside, the one whose best scale leaves the least
 * squared error. With steps t for values w that scale is Σwt / Σt², and it
 * takes (Σwt)² / Σt² off the error.
 */
function bestGrid(block: Float32Array): { grid: Grid; fractions: number[] } {
  let low = 0; // Zero is always within the range, so that it is represented exactly.
  let high = 0;
  for (const value of block) {
    low = min(low, value);
    high = max(high, value);
  }
  const range = fround(high - low);
  const factor = range < SMALLEST_RANGE ? 0 : fround(FRACTION_UNIT / range);
  const fractions = Array.from(block, (value) => nearest(fround(value * factor)));
  const below = nearest(fround(-low * factor));
  let grid: Grid = { scale: 0, zeroPoint: 8, steps: STEPS[0]! };
  let bestGain = 0;
  for (const steps of STEPS) {
    const zeroPoint = max(0, min(15, (below * steps - (steps - STEPS[0]!) * 8192 + 16384) >> 15));
    const { product, square } = sums(fractions, steps, zeroPoint);
    const gain = fround(fround(fround(product) ** 2) / square); // Not a number when all steps are 0: then not greater.
    if (!(gain > bestGain)) continue;
    bestGain = gain;
    grid = { scale: fround(((product / square) * range) / FRACTION_UNIT), zeroPoint, steps };
  }
  return { grid, fractions };
}

function sums(fractions: readonly number[], steps: number, zeroPoint: number): { product: number; square: number } {
  let product = 0;
  let square = 0;
  for (const fraction of fractions) {
    const step = stepOf(fraction, steps, zeroPoint);
    product += fraction * step;
    square += step * step;
  }
  return { product, square };
}

/** q − zeroPoint: the nearest step that the grid has. */
function stepOf(fraction: number, steps: number, zeroPoint: number): number {
  return max(-zeroPoint, min(15 - zeroPoint, (fraction * steps + 16384) >> 15));
}

/** Not finite where one of the values is not. */
export function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = max(largest, abs(value)); // Math.max passes NaN on.
  return largest;
}

/** The nearest whole number, ties to even: adding and taking away 1.5 · 2^52 leaves a double without its fraction. */
export function nearest(value: number): number {
  return value + 6755399441055744 - 6755399441055744;
}

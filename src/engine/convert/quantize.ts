// Rounding of weights to 8 and 4 bits, row by row. Pure arithmetic: knows no names, no files, no layout of tensors.

/**
 * Rounds a row to whole numbers from −127 to 127, which times the scale are nearest to it.
 * Writes them to `out` at `start`, `start + stride`, …
 * @returns the scale
 */
export function quantizeRow(row: Float32Array, out: Int8Array, start: number, stride: number): number {
  const scale = Math.fround(largestMagnitude(row) / 127);
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let i = 0; i < row.length; i++) out[start + i * stride] = roundHalfEven(row[i]! * inverse);
  return scale;
}

/**
 * Rounds a block to bytes around 128.
 * @returns the scale: value ≈ (byte − 128) · scale
 */
export function quantizeBlock8(block: Float32Array, out: Uint8Array, start: number): number {
  const scale = Math.fround(largestMagnitude(block) / 127);
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let i = 0; i < block.length; i++) out[start + i] = 128 + roundHalfEven(block[i]! * inverse);
  return scale;
}

export interface Block4 {
  readonly scale: number;
  /** 0 to 15: value ≈ (q − zeroPoint) · scale */
  readonly zeroPoint: number;
}

/** Rounds a block of even length to four bits, two values a byte, the first in the low half. */
export function quantizeBlock4(block: Float32Array, out: Uint8Array, start: number): Block4 {
  let low = 0; // Zero is always within the range, so that it is represented exactly.
  let high = 0;
  for (const value of block) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = Math.fround((high - low) / 15);
  const inverse = scale === 0 ? 0 : 1 / scale;
  const zeroPoint = scale === 0 ? 8 : roundHalfEven(-low * inverse);
  for (let i = 0; i < block.length; i += 2) {
    out[start + i / 2] = nibble(block[i]!, inverse, zeroPoint) | (nibble(block[i + 1]!, inverse, zeroPoint) << 4);
  }
  return { scale, zeroPoint };
}

function nibble(value: number, inverse: number, zeroPoint: number): number {
  return Math.min(15, Math.max(0, roundHalfEven(value * inverse) + zeroPoint));
}

function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/** Adding and taking away 1.5 · 2^52 leaves a double without its fraction, rounded as the hardware rounds. */
function roundHalfEven(value: number): number {
  return value + 6755399441055744 - 6755399441055744;
}

// The converter's inner loops in plain TypeScript: what the fast ones are held to.

import type { FloatType } from "../../src/engine/convert/floats";
import { floatsOf, type Kernels, roomOf } from "../../src/engine/convert/kernels";
import { largestMagnitude, nearest, quantizeBlock4, quantizeBlock8, wholeStep } from "./quantize";

export const plainKernels: Kernels = {
  allocate: (sizes) => roomOf(sizes, (size) => new Uint8Array(size)),

  widen(type, from, to) {
    to.set(toFloat32(from, type));
    return largestMagnitude(to);
  },

  quantizeRow(row, scale, out) {
    for (let i = 0; i < row.length; i++) out[i] = wholeStep(row[i]!, scale);
  },

  transpose(from, columns, to, stride) {
    for (let i = 0; i < from.length; i++) to[(i % columns) * stride + Math.floor(i / columns)] = from[i]!;
  },

  quantizeBlocks8(row, size, out, scales) {
    for (let block = 0; block < scales.length; block++) {
      scales[block] = quantizeBlock8(row.subarray(block * size, (block + 1) * size), out, block * size);
    }
  },

  quantizeBlocks4(row, size, out, scales, zeroPoints) {
    zeroPoints.fill(0);
    for (let block = 0; block < scales.length; block++) {
      const values = row.subarray(block * size, (block + 1) * size);
      const { scale, zeroPoint } = quantizeBlock4(values, out, (block * size) / 2);
      scales[block] = scale;
      zeroPoints[block >> 1]! |= zeroPoint << (4 * (block & 1));
    }
  },

  roundTile(values, shares, scales, zeroPoints, steps) {
    const rows = scales.length;
    const columns = values.length / rows;
    const errors = new Float32Array(columns);
    for (let row = 0; row < rows; row++) {
      const [scale, zeroPoint] = [scales[row]!, zeroPoints[row]!];
      const perStep = scale === 0 ? 0 : fround(1 / scale);
      for (let i = columns - 1; i >= 0; i--) {
        let wanted = values[i * rows + row]!;
        for (let k = i + 1; k < columns; k++) {
          wanted = fround(wanted + fround(errors[k]! * shares[i * columns + k]!));
        }
        const step = max(0, min(15, nearest(fround(wanted * perStep)) + zeroPoint));
        const value = fround((step - zeroPoint) * scale);
        errors[i] = wanted - value;
        values[i * rows + row] = value;
        steps[i * rows + row] = step;
      }
    }
  },
};

const { fround, max, min } = Math;

function toFloat32(bytes: Uint8Array<ArrayBuffer>, type: FloatType): Float32Array {
  if (type === "F32") return floatsOf(bytes);
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const bitsOf = type === "BF16" ? (half: number) => half << 16 : float16Bits;
  return new Float32Array(Uint32Array.from(halves, bitsOf).buffer);
}

/** A float16's bits as a float32's. */
function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Below float16's normal range, but not below float32's: move the leading one into its place.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

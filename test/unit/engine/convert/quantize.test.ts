import assert from "node:assert/strict";
import fc from "fast-check";
import { scaleOf } from "../../../../src/engine/convert/kernels";
import { assertClose } from "../../../support/assertClose";
import { quantizeBlock4, quantizeBlock8, wholeStep } from "../../../support/quantize";

const weights = fc.float32Array({ minLength: 16, maxLength: 16, noNaN: true, min: -4, max: 4 });

describe("quantization", () => {
  it("to 8 bits is nowhere off by more than half a step", () => {
    fc.assert(
      fc.property(weights, (row) => {
        const scale = scaleOf(Math.max(...row.map(Math.abs)));
        near(row, (i) => wholeStep(row[i]!, scale || 1) * scale, scale);

        const bytes = new Uint8Array(16);
        const blockScale = quantizeBlock8(row, bytes, 0);
        near(row, (i) => (bytes[i]! - 128) * blockScale, blockScale);
      }),
    );
  });

  it("to 4 bits is at least as near as rounding to sixteen equal steps over the range", () => {
    fc.assert(
      fc.property(weights, (row) => {
        const nibbles = new Uint8Array(8);
        const { scale, zeroPoint } = quantizeBlock4(row, nibbles, 0);
        const found = squaredError(row, (i) => (nibble(nibbles, i) - zeroPoint) * scale);
        const range = Math.max(0, ...row) - Math.min(0, ...row);
        // The search knows the values to 2^14ths of their range.
        assert(found <= 1.0001 * squaredError(row, roundedToRange(row)) + 16 * (range / 2 ** 14) ** 2);
      }),
    );
  });

  it("keeps whole steps", () => {
    assert.deepEqual(
      [-127, 0, 1, 64, 127].map((value) => wholeStep(value, scaleOf(127))),
      [-127, 0, 1, 64, 127],
    );

    const row = Float32Array.from([-5, 10, 0, 3]);
    const nibbles = new Uint8Array(2);
    const { scale, zeroPoint } = quantizeBlock4(row, nibbles, 0);
    assertClose(scale, 1, 1e-4, "the scale");
    assert.equal(zeroPoint, 5);
    assert.deepEqual([...nibbles], [0xf0, 0x85]);
  });

  it("rounds ties to even", () => {
    assert.deepEqual(
      [0.5, 1.5, 2.5, -0.5, -1.5].map((value) => wholeStep(value, 1)),
      [0, 2, 2, 0, -2],
    );
  });

  it("gives zeros for zeros, and for numbers so small that they are nothing", () => {
    assert.equal(wholeStep(0, scaleOf(0) || 1), 0);
    for (const value of [0, 1e-40]) {
      const nibbles = new Uint8Array(2);
      const { scale, zeroPoint } = quantizeBlock4(new Float32Array(4).fill(value), nibbles, 0);
      assert.deepEqual({ scale, zeroPoint }, { scale: 0, zeroPoint: 8 });
      assert.deepEqual([...nibbles], [0x88, 0x88]);
    }
  });
});

function nibble(packed: Uint8Array, index: number): number {
  return (packed[index >> 1]! >> (4 * (index & 1))) & 15;
}

/** The plainest 4 bits: the range, with zero in it, in fifteen steps. */
function roundedToRange(row: Float32Array): (index: number) => number {
  const low = Math.min(0, ...row);
  const scale = (Math.max(0, ...row) - low) / 15 || 1;
  const zeroPoint = Math.round(-low / scale);
  return (i) => (Math.min(15, Math.max(0, Math.round(row[i]! / scale) + zeroPoint)) - zeroPoint) * scale;
}

function squaredError(values: Float32Array, back: (index: number) => number): number {
  return values.reduce((sum, value, i) => sum + (value - back(i)) ** 2, 0);
}

function near(values: Float32Array, back: (index: number) => number, step: number): void {
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(values[i]! - back(i));
    assert(error <= step / 2 + 1e-6, `${values[i]} came back as ${back(i)} at a step of ${step}`);
  }
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { quantizeBlock4, quantizeBlock8, quantizeRow } from "../../../../src/engine/convert/quantize";

const weights = fc.float32Array({ minLength: 16, maxLength: 16, noNaN: true, min: -4, max: 4 });

describe("quantization", () => {
  it("is nowhere off by more than half a step", () => {
    fc.assert(
      fc.property(weights, (row) => {
        const eight = new Int8Array(16);
        const scale = quantizeRow(row, eight, 0, 1);
        near(row, (i) => eight[i]! * scale, scale);

        const bytes = new Uint8Array(16);
        const blockScale = quantizeBlock8(row, bytes, 0);
        near(row, (i) => (bytes[i]! - 128) * blockScale, blockScale);

        const nibbles = new Uint8Array(8);
        const block = quantizeBlock4(row, nibbles, 0);
        // The zero point is itself rounded, so an end of the range may lie half a step further out.
        near(row, (i) => (((nibbles[i >> 1]! >> (4 * (i & 1))) & 15) - block.zeroPoint) * block.scale, 2 * block.scale);
      }),
    );
  });

  it("keeps whole steps and zero exactly", () => {
    const row = Float32Array.from([-127, 0, 1, 64, 127]);
    const out = new Int8Array(10);
    assert.equal(quantizeRow(row, out, 1, 2), 1);
    assert.deepEqual([...out], [0, -127, 0, 0, 0, 1, 0, 64, 0, 127]);

    const nibbles = new Uint8Array(2);
    assert.deepEqual(quantizeBlock4(Float32Array.from([-5, 10, 0, 3]), nibbles, 0), { scale: 1, zeroPoint: 5 });
    assert.deepEqual([...nibbles], [0xf0, 0x85]);
  });

  it("gives zeros for zeros", () => {
    const zeros = new Float32Array(4);
    const out = new Int8Array(4).fill(1);
    assert.equal(quantizeRow(zeros, out, 0, 1), 0);
    assert.deepEqual([...out], [0, 0, 0, 0]);
    const nibbles = new Uint8Array(2);
    assert.deepEqual(quantizeBlock4(zeros, nibbles, 0), { scale: 0, zeroPoint: 8 });
    assert.deepEqual([...nibbles], [0x88, 0x88]);
  });
});

function near(values: Float32Array, back: (index: number) => number, step: number): void {
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(values[i]! - back(i));
    assert(error <= step / 2 + 1e-6, `${values[i]} came back as ${back(i)} at a step of ${step}`);
  }
}

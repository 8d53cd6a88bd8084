import assert from "node:assert/strict";
import { roundToBfloat16, toFloat32 } from "../../../../src/engine/convert/floats";

describe("float types", () => {
  it("reads bfloat16", () => {
    assert.deepEqual([...toFloat32(halves(0x3f80, 0xc2ca, 0x0000, 0x7f80), "BF16")], [1, -101, 0, Infinity]);
  });

  it("reads float16, also below its normal range", () => {
    const cases: [bits: number, value: number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x0400, 2 ** -14],
      [0x03ff, 1023 * 2 ** -24],
      [0x0001, 2 ** -24],
      [0x8003, -3 * 2 ** -24],
      [0x0000, 0],
      [0xfc00, -Infinity],
      [0x7e00, Number.NaN],
    ];
    const values = toFloat32(halves(...cases.map(([bits]) => bits)), "F16");
    assert.deepEqual(
      [...values],
      cases.map(([, value]) => value),
    );
  });

  it("reads float32 in place", () => {
    assert.deepEqual([...toFloat32(new Uint8Array(new Float32Array([0.1, -7]).buffer), "F32")], [Math.fround(0.1), -7]);
  });

  it("rounds to the nearest bfloat16, ties to even", () => {
    assert.equal(roundToBfloat16(Math.sqrt(2560)), 50.5);
    assert.equal(roundToBfloat16(Math.sqrt(4096)), 64);
    assert.equal(roundToBfloat16(Math.sqrt(640)), 25.25);
    assert.equal(roundToBfloat16(1 + 2 ** -8), 1);
    assert.equal(roundToBfloat16(1 + 3 * 2 ** -8), 1 + 2 ** -6);
  });
});

function halves(...bits: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(bits).buffer);
}

// The fast loops against the plain ones: the same bits, whatever the numbers.

import assert from "node:assert/strict";
import fc from "fast-check";
import { FLOAT_BYTES, type FloatType } from "../../../../src/engine/convert/floats";
import { floatsOf, type Kernels, scaleOf } from "../../../../src/engine/convert/kernels";
import { wasmKernels } from "../../../../src/engine/convert/wasmKernels";
import { plainKernels } from "../../../support/plainKernels";
import { largestMagnitude } from "../../../support/quantize";

const TYPES: readonly FloatType[] = ["F32", "F16", "BF16"];

/** Numbers that rounding trips over: zeros, denormals, ties, neighbors of limits. */
const AWKWARD = [
  0, -0, 1e-45, -1e-40, 1.1754942e-38, 1e-16, 0.5, -0.5, 1.5, 2.5, 63.5, 127, -127, 127.5, 1e-30, 65504, 1e17,
];

const number = fc.oneof(
  { weight: 6, arbitrary: fc.float({ noNaN: true, min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(...AWKWARD.map(Math.fround)) },
);
/** Rows of one magnitude, so that the smallest and the largest scales occur. */
const row = (minLength: number, maxLength: number) =>
  fc
    .tuple(fc.array(number, { minLength, maxLength }), fc.constantFrom(1, 1, 1, 1e-3, 1e-20, 1e-38, 1e-44, 1e12))
    .map(([values, factor]) => Float32Array.from(values, (value) => value * factor));

describe("the converter's fast loops", () => {
  let wasm: Kernels;

  before(() => {
    wasm = wasmKernels();
  });

  it("widen each type to the numbers that are meant", () => {
    const known: readonly (readonly [FloatType, bits: readonly number[], values: readonly number[]])[] = [
      ["F32", [0xcccd, 0x3dcc, 0, 0xc0e0], [Math.fround(0.1), -7]],
      ["BF16", [0x3f80, 0xc2ca, 0x0000, 0x7f80], [1, -101, 0, Infinity]],
      ["F16", [0x3c00, 0xc000, 0x3555, 0x7bff, 0x0000], [1, -2, 0.333251953125, 65504, 0]],
      ["F16", [0xfc00, 0x7e00], [-Infinity, Number.NaN]],
      // Below its normal range, too.
      ["F16", [0x0400, 0x03ff, 0x0001, 0x8003], [2 ** -14, 1023 * 2 ** -24, 2 ** -24, -3 * 2 ** -24]],
    ];
    for (const [type, halves, values] of known) {
      const [from, to] = wasm.allocate([2 * halves.length, 4 * values.length]);
      from.set(new Uint8Array(Uint16Array.from(halves).buffer));
      wasm.widen(type, from, floatsOf(to));
      assert.deepEqual([...floatsOf(to)], values, type);
    }
  });

  for (const type of TYPES) {
    it(`widen ${type}, whatever the bits`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 0, maxLength: 150 }), (bytes) => {
          const whole = bytes.subarray(0, bytes.length - (bytes.length % FLOAT_BYTES[type]));
          const run = (kernels: Kernels) => {
            const count = whole.length / FLOAT_BYTES[type];
            const [from, to] = kernels.allocate([whole.length, 4 * count]);
            from.set(whole);
            const largest = kernels.widen(type, from, floatsOf(to));
            return [withoutPayloads(to), Number.isFinite(largest) ? largest : Number.NaN];
          };
          assert.deepEqual(run(wasm), run(plainKernels));
        }),
        { numRuns: 1000 },
      );
    });
  }

  it("widen every float16", () => {
    const run = (kernels: Kernels) => {
      const [from, to] = kernels.allocate([2 * 65536, 4 * 65536]);
      new Uint16Array(from.buffer, from.byteOffset, 65536).forEach((_, i, all) => {
        all[i] = i;
      });
      kernels.widen("F16", from, floatsOf(to));
      return withoutPayloads(to);
    };
    assert.deepEqual(run(wasm), run(plainKernels));
  });

  it("say of a single value that it is no number, wherever it stands", () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      for (let at = 0; at < 21; at++) {
        const values = new Float32Array(21).fill(1);
        values[at] = value;
        const [from, to] = wasm.allocate([84, 84]);
        from.set(new Uint8Array(values.buffer));
        const largest = wasm.widen("F32", from, floatsOf(to));
        assert(!Number.isFinite(largest), `${value} at ${at}`);
      }
    }
  });

  it("round rows", () => {
    fc.assert(
      fc.property(row(0, 70), (values) => {
        const scale = scaleOf(largestMagnitude(values)) || 1;
        const run = (kernels: Kernels) => {
          const [floats, out] = place(kernels, values, [values.length]);
          kernels.quantizeRow(floats, scale, out!);
          return [...out!];
        };
        assert.deepEqual(run(wasm), run(plainKernels));
      }),
      { numRuns: 1000 },
    );
  });

  it("transpose", () => {
    fc.assert(
      fc.property(fc.nat(70), fc.integer({ min: 1, max: 70 }), fc.nat(9), fc.nat(9), (rows, columns, before, after) => {
        const stride = before + rows + after;
        const run = (kernels: Kernels) => {
          const [from, to] = kernels.allocate([rows * columns, columns * stride]);
          for (let i = 0; i < from.length; i++) from[i] = (i * 31 + (i >> 5)) & 255;
          to.fill(7);
          kernels.transpose(from, columns, to.subarray(before), stride);
          return Buffer.from(to).toString("hex");
        };
        assert.equal(run(wasm), run(plainKernels));
      }),
    );
  });

  it("round columns one after the other", () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 11 }), fc.constantFrom(1, 2, 16, 32));
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 1e9 }), ([rows, columns], seed) => {
        const numbers = (count: number, factor: number) =>
          Float32Array.from({ length: count }, (_, i) => factor * Math.sin(seed * (i + 1)));
        const run = (kernels: Kernels) => {
          const count = rows * columns;
          const sizes = [4 * columns * columns, 4 * rows, 4 * rows, count];
          const [values, shares, scales, zeroPoints, steps] = place(kernels, numbers(count, 3), sizes);
          floatsOf(shares!).set(numbers(columns * columns, 1));
          floatsOf(scales!).set(numbers(rows, 0.5).map((value, row) => (row % 5 === 4 ? 0 : Math.abs(value))));
          floatsOf(zeroPoints!).set(numbers(rows, 15).map((value) => Math.round(Math.abs(value))));
          kernels.roundTile(values, floatsOf(shares!), floatsOf(scales!), floatsOf(zeroPoints!), steps!);
          return [Buffer.from(values.buffer, values.byteOffset, 4 * count), steps!].map((bytes) =>
            Buffer.from(bytes).toString("hex"),
          );
        };
        assert.deepEqual(run(wasm), run(plainKernels));
      }),
      { numRuns: 500 },
    );
  });

  for (const size of [16, 32, 64, 128]) {
    it(`round blocks of ${size}`, () => {
      fc.assert(
        fc.property(row(size, 5 * size), (some) => {
          const values = some.subarray(0, some.length - (some.length % size));
          const blocks = values.length / size;
          const run = (kernels: Kernels) => {
            const [floats, eight, eightScales, four, fourScales, zeroPoints] = place(kernels, values, [
              ...[values.length, 4 * blocks],
              ...[values.length / 2, 4 * blocks, Math.ceil(blocks / 2)],
            ]);
            kernels.quantizeBlocks8(floats, size, eight!, floatsOf(eightScales!));
            kernels.quantizeBlocks4(floats, size, four!, floatsOf(fourScales!), zeroPoints!);
            return [eight, eightScales, four, fourScales, zeroPoints].map((bytes) =>
              Buffer.from(bytes!).toString("hex"),
            );
          };
          assert.deepEqual(run(wasm), run(plainKernels));
        }),
        { numRuns: 500 },
      );
    });
  }
});

type Bytes = Uint8Array<ArrayBuffer>;

function place(kernels: Kernels, values: Float32Array, sizes: number[]): [Float32Array, ...Bytes[]] {
  const [first, ...others] = kernels.allocate([4 * values.length, ...sizes]);
  const floats = floatsOf(first!);
  floats.set(values);
  return [floats, ...others];
}

/** The floats' bits; of what is no number only that it is none. */
function withoutPayloads(bytes: Bytes): number[] {
  const bits = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return [...floatsOf(bytes)].map((value, i) => (Number.isNaN(value) ? -1 : bits[i]!));
}

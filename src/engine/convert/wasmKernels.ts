// The converter's inner loops in WebAssembly (assembly/kernels.ts), each thread with a memory of its own.

import binary from "./assembly/kernels.wasm";
import type { FloatType } from "./floats";
import { type Kernels, roomOf } from "./kernels";

/** What assembly/kernels.ts exports; numbers but `count`, `size`, `rows`, `columns`, `stride` and `scale` are pointers. */
interface Exports {
  readonly heapBase: WebAssembly.Global;
  widen(type: number, from: number, to: number, count: number): number;
  quantizeRow(row: number, count: number, scale: number, out: number): void;
  transpose(from: number, rows: number, columns: number, to: number, stride: number): void;
  quantizeBlocks8(row: number, count: number, size: number, out: number, scales: number): void;
  quantizeBlocks4(row: number, count: number, size: number, out: number, scales: number, zeroPoints: number): void;
  roundTile(
    values: number,
    rows: number,
    columns: number,
    shares: number,
    scales: number,
    zeroPoints: number,
    steps: number,
  ): void;
}

const TYPE_NUMBERS: Readonly<Record<FloatType, number>> = { F32: 0, F16: 1, BF16: 2 };
const PAGE_BYTES = 65536;
/** Of a cache line. */
const ALIGNMENT = 64;

/** Throws a sentence where this machine's WebAssembly lacks SIMD: whatever runs today's editors has it. */
export function wasmKernels(): Kernels {
  if (!WebAssembly.validate(binary)) {
    throw new Error(
      "This processor is too old to convert models: its WebAssembly has no SIMD. Convert on another machine.",
    );
  }
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const wasm = instance.exports as unknown as Exports;
  const bits = new Int32Array(1);
  const bitsAsFloat = new Float32Array(bits.buffer);

  return {
    allocate(sizes) {
      const offsets: number[] = [];
      let end: number = wasm.heapBase.value;
      for (const size of sizes) {
        const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
        offsets.push(offset);
        end = offset + size;
      }
      const lacking = end - memory.buffer.byteLength;
      if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE_BYTES));
      return roomOf(sizes, (size, i) => new Uint8Array(memory.buffer, offsets[i]!, size));
    },
    widen(type, from, to) {
      bits[0] = wasm.widen(TYPE_NUMBERS[type], from.byteOffset, to.byteOffset, to.length);
      return bitsAsFloat[0]!;
    },
    quantizeRow(row, scale, out) {
      wasm.quantizeRow(row.byteOffset, row.length, scale, out.byteOffset);
    },
    transpose(from, columns, to, stride) {
      wasm.transpose(from.byteOffset, from.length / columns, columns, to.byteOffset, stride);
    },
    quantizeBlocks8(row, size, out, scales) {
      wasm.quantizeBlocks8(row.byteOffset, row.length, size, out.byteOffset, scales.byteOffset);
    },
    quantizeBlocks4(row, size, out, scales, zeroPoints) {
      wasm.quantizeBlocks4(row.byteOffset, row.length, size, out.byteOffset, scales.byteOffset, zeroPoints.byteOffset);
    },
    roundTile(values, shares, scales, zeroPoints, steps) {
      const rows = scales.length;
      wasm.roundTile(
        values.byteOffset,
        rows,
        values.length / rows,
        shares.byteOffset,
        scales.byteOffset,
        zeroPoints.byteOffset,
        steps.byteOffset,
      );
    },
  };
}

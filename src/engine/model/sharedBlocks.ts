// Memory for the logs that a run begins in several layers at once: those of one size lie in one block, as they come and go together.
//
// Each for itself is a megabyte with the bundled model. glibc puts such blocks between those that the model computes with for a
// moment, and can then give back neither. After three documents of 1,000 tokens, with ten states each, the process had 675 to
// 735 MB so, and 840 to 866 with a block for each (an EPYC, AVX2); it read and wrote as fast.

import type { LogMemory } from "./kvLog";

export class SharedBlocks implements LogMemory {
  /** By size, what is left of each block. */
  readonly #left = new Map<number, Float32Array>();

  /** @param sizes all that will be taken */
  constructor(sizes: readonly number[]) {
    const counts = new Map<number, number>();
    for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
    for (const [size, count] of counts) this.#left.set(size, new Float32Array(size * count));
  }

  take(size: number): Float32Array {
    const left = this.#left.get(size) ?? new Float32Array(0);
    if (left.length < size) throw new Error(`No ${size} numbers are left in the block for logs of that size`);
    this.#left.set(size, left.subarray(size));
    return left.subarray(0, size);
  }
}

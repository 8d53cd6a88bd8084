// The float32 model's logits, kept in a file: they are compared with every other model's.

import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** Gives float32's logits in the place of another model's, chunk by chunk in one order. */
export interface TrustedLogits {
  next(chunk: Float32Array): Float32Array;
  close(): void;
}

/** For float32 itself. */
export class LogitsWriter implements TrustedLogits {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  next(chunk: Float32Array): Float32Array {
    writeSync(this.#file, chunk);
    return chunk;
  }

  close(): void {
    closeSync(this.#file);
  }
}

export class LogitsReader implements TrustedLogits {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  next(chunk: Float32Array): Float32Array {
    const logits = new Float32Array(chunk.length);
    readSync(this.#file, logits);
    return logits;
  }

  close(): void {
    closeSync(this.#file);
  }
}

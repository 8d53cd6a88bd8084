// The indexed files' texts, packed: a third of their size, outside of JavaScript's heap. No disk.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Definition } from "./outline";
import type { LineRange } from "./snippet";

export interface IndexedFile {
  readonly lines: readonly string[];
  readonly outline: readonly Definition[];
  readonly chunks: readonly LineRange[];
}

/** Files that one answer looks into are looked into by the next one too. */
const MOST_UNPACKED = 64;

export class PackedFiles {
  readonly #packed = new Map<string, Buffer>();
  readonly #unpacked = new Map<string, IndexedFile>();
  #bytes = 0;

  set(path: string, file: IndexedFile): void {
    this.delete(path);
    const packed = deflateRawSync(JSON.stringify(file), { level: 1 });
    this.#packed.set(path, packed);
    this.#bytes += packed.byteLength;
  }

  get(path: string): IndexedFile | undefined {
    const packed = this.#packed.get(path);
    if (!packed) return undefined;
    const file = this.#unpacked.get(path) ?? (JSON.parse(inflateRawSync(packed).toString("utf8")) as IndexedFile);
    // Most recently used last.
    this.#unpacked.delete(path);
    this.#unpacked.set(path, file);
    if (this.#unpacked.size > MOST_UNPACKED) this.#unpacked.delete(this.#unpacked.keys().next().value!);
    return file;
  }

  delete(path: string): void {
    this.#bytes -= this.#packed.get(path)?.byteLength ?? 0;
    this.#packed.delete(path);
    this.#unpacked.delete(path);
  }

  /** Oldest first. */
  paths(): IterableIterator<string> {
    return this.#packed.keys();
  }

  has(path: string): boolean {
    return this.#packed.has(path);
  }

  /** Makes the file the last one to be dropped. */
  touch(path: string): void {
    const packed = this.#packed.get(path);
    if (!packed) return;
    this.#packed.delete(path);
    this.#packed.set(path, packed);
  }

  get size(): number {
    return this.#packed.size;
  }

  get bytes(): number {
    return this.#bytes;
  }
}

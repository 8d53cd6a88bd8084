// The indexed files' texts, packed: a third of their size, outside of JavaScript's heap. No disk.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { LineRange } from "./lineRange";
import type { Definition } from "./outline";

export interface ParsedFile {
  readonly lines: readonly string[];
  readonly outline: readonly Definition[];
  readonly chunks: readonly LineRange[];
}

/** Files that one answer looks into are looked into by the next one too. */
const MOST_UNPACKED = 64;

export class PackedFiles {
  readonly #packed = new Map<string, Packed>();
  readonly #unpacked = new Map<string, ParsedFile>();
  #bytes = 0;

  set(path: string, file: ParsedFile): void {
    this.delete(path);
    const packed = { text: pack(file.lines.join("\n")), rest: pack(JSON.stringify([file.outline, file.chunks])) };
    this.#packed.set(path, packed);
    this.#bytes += bytesOf(packed);
  }

  get(path: string): ParsedFile | undefined {
    const packed = this.#packed.get(path);
    if (!packed) return undefined;
    const file = this.#unpacked.get(path) ?? new UnpackedFile(packed);
    // Most recently used last.
    this.#unpacked.delete(path);
    this.#unpacked.set(path, file);
    if (this.#unpacked.size > MOST_UNPACKED) this.#unpacked.delete(this.#unpacked.keys().next().value!);
    return file;
  }

  delete(path: string): void {
    const packed = this.#packed.get(path);
    if (packed) this.#bytes -= bytesOf(packed);
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

interface Packed {
  readonly text: Uint8Array;
  /** Outline and chunks. */
  readonly rest: Uint8Array;
}

/** Unpacks what is asked for: most files are asked either for signatures or for lines. */
class UnpackedFile implements ParsedFile {
  #lines: readonly string[] | undefined;
  #rest: readonly [readonly Definition[], readonly LineRange[]] | undefined;

  constructor(private readonly packed: Packed) {}

  get lines(): readonly string[] {
    this.#lines ??= unpack(this.packed.text).split("\n");
    return this.#lines;
  }

  get outline(): readonly Definition[] {
    return this.#unpackedRest()[0];
  }

  get chunks(): readonly LineRange[] {
    return this.#unpackedRest()[1];
  }

  #unpackedRest() {
    this.#rest ??= JSON.parse(unpack(this.packed.rest)) as [Definition[], LineRange[]];
    return this.#rest;
  }
}

/** A copy: what zlib gives is a small part of a large buffer, which would live on. */
function pack(text: string): Uint8Array {
  return new Uint8Array(deflateRawSync(text, { level: 1 }));
}

function unpack(packed: Uint8Array): string {
  return inflateRawSync(packed).toString("utf8");
}

function bytesOf({ text, rest }: Packed): number {
  return text.byteLength + rest.byteLength;
}

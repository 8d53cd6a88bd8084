// Synchronous reading and writing at given places: for threads that have nothing else to do.

import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { fileFault } from "../model/fileFault";

/** Bytes of a file, from `offset` on. */
export interface Place {
  readonly path: string;
  readonly offset: number;
}

/** Does `work` with files that are closed after it. */
export function withFiles<T>(work: (files: TaskFiles) => T): T {
  const files = new TaskFiles();
  try {
    return work(files);
  } finally {
    files.close();
  }
}

/** The files of a task, opened when they are first needed. */
export class TaskFiles {
  readonly #open = new Map<string, number>();

  /** Throws a sentence that names the file, as `write` does. */
  read({ path, offset }: Place, into: Uint8Array): void {
    try {
      const file = this.#file(path, "r");
      for (let filled = 0; filled < into.length; ) {
        const count = readSync(file, into, filled, into.length - filled, offset + filled);
        if (count === 0) throw new Error(`${path} became shorter while it was read.`);
        filled += count;
      }
    } catch (error) {
      throw fileFault(error, path, "read");
    }
  }

  write({ path, offset }: Place, from: number, data: NodeJS.ArrayBufferView): void {
    try {
      const file = this.#file(path, "r+");
      for (let written = 0; written < data.byteLength; ) {
        written += writeSync(file, data, written, data.byteLength - written, offset + from + written);
      }
    } catch (error) {
      throw fileFault(error, path, "written");
    }
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file);
  }

  #file(path: string, flags: "r" | "r+"): number {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const file = openSync(path, flags);
    this.#open.set(path, file);
    return file;
  }
}

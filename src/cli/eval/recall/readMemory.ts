// The exact memory of what a stream's reader has read so far: a document a file, as a repository's reader fills it.

import { ExactMemory } from "../../../engine/exactMemory/exactMemory";
import type { Stream, Stretch } from "./stream";

export class ReadMemory {
  readonly memory = new ExactMemory();
  /** How much of each file it knows, by the file's start. */
  readonly #known = new Map<number, number>();

  constructor(private readonly stream: Stream) {}

  /** Has it know all that stands before `position`. */
  readTo(position: number): void {
    for (const file of this.stream.files) {
      if (file.start >= position) break;
      const end = Math.min(file.end, position);
      if ((this.#known.get(file.start) ?? 0) >= end) continue;
      this.#known.set(file.start, end);
      this.memory.setDocument(keyOf(file), this.stream.tokens.slice(file.start, end));
    }
    while (this.memory.work());
  }
}

/** The document's key. Two repositories may have files of the same path. */
export function keyOf({ start, path }: Stretch): string {
  return `${start} ${path}`;
}

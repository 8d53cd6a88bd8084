// What lines were encoded to, so that none is encoded twice while it is remembered. It is bounded by lines and by their
// characters: of a text that a program made, each line may be long.

import type { TokenId } from "./model";

/** About a hundred source files. */
const MOST_LINES = 50_000;
/** More than so many lines of code have; with their tokens, about 50 MB at most. */
const MOST_CHARACTERS = 5_000_000;
/** Longer lines are not worth remembering. */
const LONGEST_LINE = 2_000;

export class LineMemory {
  readonly #lines = new Map<string, readonly TokenId[]>();
  #characters = 0;

  get(line: string): readonly TokenId[] | undefined {
    return this.#lines.get(line);
  }

  /** @param line one that is not remembered */
  add(line: string, ids: readonly TokenId[]): void {
    if (line.length > LONGEST_LINE) return;
    if (this.#lines.size >= MOST_LINES || this.#characters + line.length > MOST_CHARACTERS) {
      this.#lines.clear();
      this.#characters = 0;
    }
    this.#lines.set(copyOf(line), ids);
    this.#characters += line.length;
  }
}

/** A part of a text keeps the whole of it in memory: of a document that is typed in, a version for each key. */
function copyOf(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

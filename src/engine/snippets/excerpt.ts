// The signatures chosen from one file, as one text: in the file's order, members below the class they belong to.

import type { IndexedFile } from "./files";
import type { LineRange } from "./snippet";

export class Excerpt {
  readonly #file: IndexedFile;
  readonly #chosen = new Set<number>();

  constructor(file: IndexedFile) {
    this.#file = file;
  }

  /** The text that it would be with one more. */
  textWith(index: number): string {
    return this.#render(new Set([...this.#chosen, index]));
  }

  add(index: number): void {
    this.#chosen.add(index);
  }

  has(index: number): boolean {
    return this.#shown(this.#chosen).includes(index);
  }

  get text(): string {
    return this.#render(this.#chosen);
  }

  /** From the first signature to the last one's end. */
  get range(): LineRange {
    const shown = this.#shown(this.#chosen).map((index) => this.#file.outline[index]!);
    return {
      startLine: Math.min(...shown.map((one) => one.startLine)),
      endLine: Math.max(...shown.map((one) => one.signatureEndLine)),
    };
  }

  /** The lines of the signatures, and of no others. */
  get lines(): LineRange[] {
    return linesOf(this.#file, this.#shown(this.#chosen));
  }

  linesWith(index: number): LineRange[] {
    return linesOf(this.#file, this.#shown(new Set([...this.#chosen, index])));
  }

  #render(chosen: ReadonlySet<number>): string {
    const shown = this.#shown(chosen);
    const isShown = new Set(shown);
    return shown
      .map((index) => {
        let depth = 0;
        for (let at = this.#file.outline[index]!.container; at >= 0; at = this.#file.outline[at]!.container) {
          if (isShown.has(at)) depth++;
        }
        const indent = "    ".repeat(depth);
        return indent + this.#file.outline[index]!.signature.replaceAll("\n", `\n${indent}`);
      })
      .join("\n");
  }

  /** With the classes around them, so that a member is known to be one. */
  #shown(chosen: ReadonlySet<number>): number[] {
    const shown = new Set<number>();
    for (const index of chosen) {
      shown.add(index);
      const container = this.#file.outline[index]!.container;
      if (container >= 0 && /^(class|interface|implementation)$/.test(this.#file.outline[container]!.kind)) {
        shown.add(container);
      }
    }
    return [...shown].sort((a, b) => a - b);
  }
}

function linesOf(file: IndexedFile, indices: readonly number[]): LineRange[] {
  return indices.map((index) => {
    const { startLine, signatureEndLine } = file.outline[index]!;
    return { startLine, endLine: signatureEndLine };
  });
}

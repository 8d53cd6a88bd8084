// The signatures chosen from one file, as one text: in the file's order, members below the class they belong to.

import type { LineRange } from "./lineRange";
import { hasMembers } from "./outline";
import type { ParsedFile } from "./packedFiles";

export class Excerpt {
  readonly #shown = new Set<number>();

  constructor(private readonly file: ParsedFile) {}

  /** What one more would bring with it: itself, and the classes around it, so that a member is known to be one. */
  missingFor(index: number): number[] {
    const missing: number[] = [];
    for (let at = index; at >= 0; at = this.#classAround(at)) if (!this.#shown.has(at)) missing.push(at);
    return missing;
  }

  /** How much longer the text gets by these. */
  costOf(indices: readonly number[]): number {
    const breaks = this.#shown.size === 0 ? indices.length - 1 : indices.length;
    return indices.reduce((sum, index) => sum + this.#textOf(index).length, breaks);
  }

  add(indices: readonly number[]): void {
    for (const index of indices) this.#shown.add(index);
  }

  get text(): string {
    return this.#inOrder()
      .map((index) => this.#textOf(index))
      .join("\n");
  }

  /** From the first signature to the last one's end. */
  get range(): LineRange {
    const lines = this.lines;
    return {
      startLine: Math.min(...lines.map(({ startLine }) => startLine)),
      endLine: Math.max(...lines.map(({ endLine }) => endLine)),
    };
  }

  /** The lines of the signatures, and of no others. */
  get lines(): LineRange[] {
    return this.#inOrder().map((index) => signatureLines(this.file, index));
  }

  #inOrder(): number[] {
    return [...this.#shown].sort((a, b) => a - b);
  }

  #textOf(index: number): string {
    let indent = "";
    for (let at = this.#classAround(index); at >= 0; at = this.#classAround(at)) indent += "    ";
    return indent + this.file.outline[index]!.signature.replaceAll("\n", `\n${indent}`);
  }

  #classAround(index: number): number {
    const { container } = this.file.outline[index]!;
    return container >= 0 && hasMembers(this.file.outline[container]!) ? container : -1;
  }
}

/** The line of the signature that has the name: of a longer signature, others may have lines too. */
export function nameLine(file: ParsedFile, index: number): string {
  const { startLine, endLine } = signatureLines(file, index);
  const lines = file.lines.slice(startLine, endLine);
  return lines.find((line) => line.includes(file.outline[index]!.name)) ?? lines[0]!;
}

export function signatureLines(file: ParsedFile, index: number): LineRange {
  const { startLine, signatureEndLine } = file.outline[index]!;
  return { startLine, endLine: signatureEndLine };
}

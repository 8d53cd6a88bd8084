// What people and tools do to a document, by chance that a seed decides: keys, pastes, many cursors, undo, formatters.

import { applyEdits, type TextEdit } from "../../src/text/edit";
import { randomFrom } from "../../tools/recordings/random.mjs";

export interface Change {
  readonly kind: Kind;
  /** In order, each to the result of the one before it, as VS Code reports them. */
  readonly edits: readonly TextEdit[];
  /** Where a completion is asked for afterwards. */
  readonly cursor: number;
}

/** How often each kind happens, of the sum of all. */
const KINDS = {
  key: 36,
  deleteBack: 12,
  replace: 10,
  unicode: 8,
  newLine: 8,
  undo: 7,
  redo: 4,
  manyCursors: 6,
  pasteLines: 4,
  format: 2,
  lineEnds: 1,
  pasteThousands: 0.5,
  hugeLine: 0.5,
  checkout: 1,
} as const;
export type Kind = keyof typeof KINDS;

const KEYS = [..."abcdefghijklmnopqrstuvwxyzABC0123456789 _.,;:=+-*/<>()[]{}\"'`#\t"];
const UNICODE = [
  "é",
  "e\u0301",
  "🦅",
  "👩‍👩‍👧",
  "日本語",
  "العربية",
  "\u{1F680}",
  "ﬁ",
  "\u2028",
  "\u00a0",
  "\u200d",
  "ß→∀",
  "\u0000",
];
/** Beyond this the document goes back to what it was at first. */
const LONGEST_TEXT = 600_000;

export class RandomEdits {
  readonly #random: ReturnType<typeof randomFrom>;
  readonly #undo: TextEdit[][] = [];
  readonly #redo: TextEdit[][] = [];
  #cursor = 0;

  constructor(
    private readonly original: string,
    /** Where pasted text comes from. */
    private readonly clipboard: string,
    seed: number,
    public text = original,
  ) {
    this.#random = randomFrom(seed);
    this.#cursor = this.#below(original.length + 1);
  }

  /** Changes `text` and tells how. */
  next(): Change {
    const kind = this.text.length > LONGEST_TEXT ? "checkout" : this.#kind();
    const edits = this.#edits(kind);
    if (kind !== "undo" && kind !== "redo") {
      this.#undo.push(inverseOf(this.text, edits));
      this.#redo.length = 0;
    }
    this.text = applyEdits(this.text, edits);
    const last = edits.at(-1);
    if (last !== undefined) this.#cursor = last.offset + last.inserted.length;
    return { kind, edits, cursor: this.#nextCursor() };
  }

  #edits(kind: Kind): TextEdit[] {
    const at = Math.min(this.#cursor, this.text.length);
    const insert = (inserted: string): TextEdit[] => [{ offset: at, deleted: 0, inserted }];
    switch (kind) {
      case "key":
        return insert(this.#pick(KEYS));
      case "unicode":
        return insert(this.#pick(UNICODE));
      case "newLine":
        return insert(`${this.#lineEnd()}${" ".repeat(this.#below(5) * 2)}`);
      case "deleteBack": {
        const deleted = Math.min(at, 1 + this.#below(this.#below(4) === 0 ? 40 : 2));
        return [{ offset: at - deleted, deleted, inserted: "" }];
      }
      case "replace": {
        const offset = this.#below(this.text.length + 1);
        const deleted = Math.min(this.text.length - offset, this.#below(200));
        return [{ offset, deleted, inserted: this.#clip(120) }];
      }
      case "manyCursors":
        return this.#atManyPlaces();
      case "pasteLines":
        return insert(this.#clip(1500));
      case "pasteThousands":
        return insert(this.#clip(100_000).padEnd(100_000, this.clipboard));
      case "hugeLine":
        return insert("const x = [1, 22, 333];".repeat(2_000));
      case "format":
        return this.#format();
      case "lineEnds": {
        const inserted = this.text.includes("\r")
          ? this.text.replaceAll("\r\n", "\n")
          : this.text.replaceAll("\n", "\r\n");
        return [{ offset: 0, deleted: this.text.length, inserted }];
      }
      case "checkout":
        return [{ offset: 0, deleted: this.text.length, inserted: this.original }];
      case "undo":
        return this.#takeBack(this.#undo, this.#redo);
      case "redo":
        return this.#takeBack(this.#redo, this.#undo);
    }
  }

  #takeBack(from: TextEdit[][], to: TextEdit[][]): TextEdit[] {
    const edits = from.pop() ?? [];
    if (edits.length > 0) to.push(inverseOf(this.text, edits));
    return edits;
  }

  /** The same key at several places, the last place first: so the offsets of the others stay. */
  #atManyPlaces(): TextEdit[] {
    const inserted = this.#pick(KEYS);
    const offsets = new Set(Array.from({ length: 2 + this.#below(6) }, () => this.#below(this.text.length + 1)));
    return [...offsets].sort((a, b) => b - a).map((offset) => ({ offset, deleted: 0, inserted }));
  }

  /** Every third line gets another indentation, from the last line to the first. */
  #format(): TextEdit[] {
    const edits: TextEdit[] = [];
    const indent = this.#pick(["\t", "  ", "    "]);
    let line = 0;
    for (const match of this.text.matchAll(/^[ \t]+/gm)) {
      if (line++ % 3 === 0) edits.push({ offset: match.index, deleted: match[0].length, inserted: indent });
    }
    return edits.reverse();
  }

  #nextCursor(): number {
    const { length } = this.text;
    const chance = this.#random.next();
    if (chance < 0.75) return Math.min(this.#cursor, length);
    if (chance < 0.9) return Math.max(0, Math.min(length, this.#cursor + this.#below(600) - 400));
    this.#cursor = this.#below(length + 1);
    return this.#cursor;
  }

  /** A piece of the clipboard, some of it at a line's start. */
  #clip(longest: number): string {
    const start = this.#below(this.clipboard.length);
    const line = this.clipboard.indexOf("\n", start) + 1;
    return this.clipboard.substr(this.#random.happens(0.5) ? start : line, this.#below(longest));
  }

  #lineEnd(): string {
    return this.text.includes("\r\n") ? "\r\n" : "\n";
  }

  #kind(): Kind {
    const kinds = Object.entries(KINDS) as [Kind, number][];
    let left = this.#random.next() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [kind, weight] of kinds) {
      left -= weight;
      if (left < 0) return kind;
    }
    return "key";
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)]!;
  }

  #below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }
}

function inverseOf(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const inverse: TextEdit[] = [];
  let current = text;
  for (const edit of edits) {
    const deleted = current.slice(edit.offset, edit.offset + edit.deleted);
    inverse.unshift({ offset: edit.offset, deleted: edit.inserted.length, inserted: deleted });
    current = applyEdits(current, [edit]);
  }
  return inverse;
}

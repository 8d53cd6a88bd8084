// The open documents as the extension host has them, and the part of each that goes into a prompt.

import type { Offset, OpenDocument, TextEdit } from "../protocol/engine";
import { applyEdits } from "../text/edit";
import { composedName } from "./files/composedName";
import { pathOfUri } from "./fileUri";

/** How much text before the cursor goes into a prompt, in UTF-16 units. */
export interface PromptWindow {
  /** It may grow to this before its beginning moves. */
  readonly longest: number;
  /** And then keeps this: moving rarely lets the states of most keystrokes be reused. */
  readonly shortened: number;
}

/** Once the text is this part of the longest, its beginning moves where nobody waits for it. */
const NEARLY_LONGEST = 0.75;

const WIDE_WINDOW: PromptWindow = { longest: 12_000, shortened: 6_000 };

export class Documents {
  readonly #byUri = new Map<string, MirroredDocument>();

  open(document: OpenDocument): MirroredDocument {
    const mirrored = new MirroredDocument(document);
    this.#byUri.set(document.uri, mirrored);
    return mirrored;
  }

  get uris(): Iterable<string> {
    return this.#byUri.keys();
  }

  get(uri: string): MirroredDocument | undefined {
    return this.#byUri.get(uri);
  }

  /** The document of a file, by its absolute path: which letters of it an address escapes is each editor's own choice. */
  ofFile(path: string): MirroredDocument | undefined {
    return [...this.#byUri.values()].find(({ uri }) => composedName(pathOfUri(uri) ?? "") === composedName(path));
  }

  close(uri: string): void {
    this.#byUri.delete(uri);
  }
}

export class MirroredDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly path: string | undefined;
  #version: number;
  #text: string;
  /** Where the prompt begins; kept while the user types, so that the tokens before the cursor stay the same. */
  #windowStart: Offset = 0;

  constructor(document: OpenDocument) {
    this.uri = document.uri;
    this.languageId = document.languageId;
    this.path = document.path;
    this.#version = document.version;
    this.#text = document.text;
  }

  get version(): number {
    return this.#version;
  }

  get text(): string {
    return this.#text;
  }

  change(version: number, edits: readonly TextEdit[]): void {
    this.#text = applyEdits(this.#text, edits);
    for (const edit of edits) {
      const isAbove = edit.offset < this.#windowStart && edit.offset + edit.deleted <= this.#windowStart;
      // What is inserted exactly where the prompt begins belongs to it: else a new file's first words would be lost.
      if (isAbove) this.#windowStart += edit.inserted.length - edit.deleted;
      else this.#windowStart = Math.min(this.#windowStart, edit.offset);
    }
    this.#version = version;
  }

  /** The text before `offset` that goes into the prompt. It begins at a line's start, unless the line is huge. */
  prefix(offset: Offset, { longest, shortened } = WIDE_WINDOW): string {
    const length = offset - this.#windowStart;
    // A cursor that has gone up to the prompt's beginning would have next to nothing before it.
    const isShort = this.#windowStart > 0 && length < shortened / 3;
    if (isShort || length > longest) {
      this.#windowStart = this.#lineStartNear(Math.max(0, offset - shortened), offset);
    }
    return this.#text.slice(this.#windowStart, offset);
  }

  /**
   * Where the prompt should begin before it becomes too long; undefined while it is short. This stays the same as the user types
   * on: it can be read in several rests.
   */
  nextStart(offset: Offset, { longest, shortened } = WIDE_WINDOW): Offset | undefined {
    const enough = NEARLY_LONGEST * longest;
    if (offset - this.#windowStart <= enough) return undefined;
    return this.#lineStartNear(this.#windowStart + enough - shortened, offset);
  }

  /** Lets the prompt begin there. */
  beginAt(start: Offset): void {
    this.#windowStart = start;
  }

  /** The text from `offset` on, at most `length` units. */
  suffix(offset: Offset, length: number): string {
    return this.#text.slice(offset, offset + length);
  }

  /** The first line start at or after `from`; `from` itself when there is none before `limit`. */
  #lineStartNear(from: Offset, limit: Offset): Offset {
    if (from === 0) return 0;
    const lineEnd = this.#text.indexOf("\n", from - 1);
    return lineEnd === -1 || lineEnd + 1 > limit ? from : lineEnd + 1;
  }
}

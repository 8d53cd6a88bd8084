// The open documents as the extension host has them.

import type { Offset, OpenDocument, TextEdit } from "../protocol/engine";
import { applyEdits, offsetAfter } from "../text/edit";
import { composedName } from "./files/composedName";
import { pathOfUri } from "./fileUri";

export class Documents {
  readonly #byUri = new Map<string, MirroredDocument>();
  readonly #byFile = new Map<string, MirroredDocument>();

  open(document: OpenDocument): MirroredDocument {
    const mirrored = new MirroredDocument(document);
    this.#byUri.set(document.uri, mirrored);
    if (mirrored.file !== undefined) this.#byFile.set(mirrored.file, mirrored);
    return mirrored;
  }

  get(uri: string): MirroredDocument | undefined {
    return this.#byUri.get(uri);
  }

  /** The document of a file, by its absolute path: which letters of it an address escapes is each editor's own choice. */
  ofFile(path: string): MirroredDocument | undefined {
    return this.#byFile.get(composedName(path));
  }

  close(uri: string): void {
    const document = this.#byUri.get(uri);
    this.#byUri.delete(uri);
    const file = document?.file;
    if (file === undefined || this.#byFile.get(file) !== document) return;
    this.#byFile.delete(file);
    // It may be open under two addresses: an editor takes "é" and "e" with an accent for two names.
    const other = [...this.#byUri.values()].findLast((candidate) => candidate.file === file);
    if (other !== undefined) this.#byFile.set(file, other);
  }
}

/** A place that moves with a document's text. What is inserted exactly there stands behind it. */
export interface Mark {
  offset: Offset;
}

export class MirroredDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly path: string | undefined;
  /** Its absolute path, composed; undefined for what is no file of this machine. */
  readonly file: string | undefined;
  readonly #marks = new Set<Mark>();
  #version: number;
  #text: string;

  constructor(document: OpenDocument) {
    this.uri = document.uri;
    this.languageId = document.languageId;
    this.path = document.path;
    const file = pathOfUri(document.uri);
    this.file = file && composedName(file);
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
    for (const mark of this.#marks) mark.offset = offsetAfter(mark.offset, edits);
    this.#version = version;
  }

  /** It moves until it is removed. */
  addMark(offset: Offset): Mark {
    const mark = { offset };
    this.#marks.add(mark);
    return mark;
  }

  removeMark(mark: Mark): void {
    this.#marks.delete(mark);
  }

  /** The text from `offset` on, at most `length` units. */
  suffix(offset: Offset, length: number): string {
    return this.#text.slice(offset, offset + length);
  }
}

// The open documents as the extension host has them.

import type { Offset, OpenDocument, TextEdit } from "../protocol/engine";
import { applyEdits, offsetAfter } from "../text/edit";
import { composedName } from "./files/composedName";
import { pathOfUri } from "./fileUri";

export class Documents {
  readonly #byUri = new Map<string, MirroredDocument>();

  open(document: OpenDocument): MirroredDocument {
    const mirrored = new MirroredDocument(document);
    this.#byUri.set(document.uri, mirrored);
    return mirrored;
  }

  get(uri: string): MirroredDocument | undefined {
    return this.#byUri.get(uri);
  }

  /**
   * The document of a file, by its absolute path: which letters of it an address escapes is each editor's own choice. The last
   * one, as it may be open under two addresses: an editor takes "é" and "e" with an accent for two names.
   */
  ofFile(path: string): MirroredDocument | undefined {
    const file = composedName(path);
    return [...this.#byUri.values()].findLast((document) => document.file === file);
  }

  close(uri: string): void {
    this.#byUri.delete(uri);
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
}

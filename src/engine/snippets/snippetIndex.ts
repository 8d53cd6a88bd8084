// Related snippets for a completion and passages for a question, from texts that the caller gives. Reads no disk, knows no tokens and no editor.
//
//   update, remove                what the repository's files say; one file at a time, so that the caller sets the pace
//   recordEdits, recordView       where the user was; edits move the lines there, until `update` brings the text that they made
//   retrieve                      what to put before the live file
//   passages                      what a question in plain words is about

import { applyEdit, applyEdits, editBetween, type TextEdit } from "../../text/edit";
import { chooseSnippets } from "./choose";
import { chunksOf } from "./chunks";
import { Corpus } from "./corpus";
import { definitionCandidates } from "./definitionCandidates";
import { type Language, languageOf } from "./languages";
import { type LineEdit, lineEdit, shiftedBack } from "./lineEdit";
import type { FileRange } from "./lineRange";
import { LiveWindow } from "./liveWindow";
import { withLostDefinitions } from "./lostDefinitions";
import { type Definition, type Outliner, SHARED_OUTLINER } from "./outline";
import { findPassages, type Passage, type PassageRequest } from "./passages";
import { rangeCandidates } from "./rangeCandidates";
import { LONGEST_PLACE, RecentRanges } from "./recentRanges";
import type { Snippet, SnippetRequest } from "./snippet";

export interface SnippetIndexOptions {
  /** One that has loaded no grammar yet, for tests of the waiting. */
  readonly outliner?: Outliner;
  readonly mostFiles?: number;
  readonly mostBytes?: number;
}

/** One that is fuller has no room: each file that comes back would make another one go. */
const FULL = 0.9;

export const MOST_FILES = 20_000;
export const MOST_BYTES = 256 * 1024 * 1024;
/** A longer text is not code that somebody reads. */
const LONGEST_TEXT = 1_000_000;
/** Of one change, edits whose places are remembered: "Replace All" makes thousands, and says nothing of where the user is. */
const RECORDED_EDITS = 8;

export class SnippetIndex {
  readonly #mostFiles: number;
  #mostBytes: number;
  readonly #outliner: Outliner;
  readonly #corpus = new Corpus();
  readonly #edited = new RecentRanges();
  readonly #viewed = new RecentRanges();
  /** Of each file, the edits that its text here does not know yet. */
  readonly #moves = new Map<string, LineEdit[]>();
  /** Of each file, which update its text is from. */
  readonly #stamps = new Map<string, number>();
  #updates = 0;
  /** The newest update of each path that still waits for its grammar or its outline. */
  readonly #waiting = new Map<string, symbol>();

  constructor(options: SnippetIndexOptions = {}) {
    this.#outliner = options.outliner ?? SHARED_OUTLINER;
    this.#mostFiles = options.mostFiles ?? MOST_FILES;
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
  }

  /**
   * Takes a file in, or its new text. The promise waits for a grammar, and the outline of a long text lets others go on in
   * between; a usual one takes a few milliseconds. When the index is full, the file that was untouched for the longest time
   * makes room.
   * @param path  relative to the folder, with `/`
   * @param text  its lines end with "\n"
   * @param mayGo which files may make room; where one may not, this file is not taken in
   */
  async update(path: string, text: string, mayGo = (_other: string) => true): Promise<void> {
    if (this.linesOf(path)?.join("\n") === text) return this.#keep(path);
    const update = Symbol(path);
    this.#waiting.set(path, update);
    const knownMoves = this.#moves.get(path)?.length ?? 0;
    let language = languageOf(path);
    while (language && !this.#outliner.isReady(language)) {
      // A file without an outline is better than none.
      const isThere = await this.#outliner.prepare(language).then(
        () => true,
        () => false,
      );
      if (this.#waiting.get(path) !== update) return; // changed or removed meanwhile
      if (!isThere) language = undefined;
    }
    if (text.length > LONGEST_TEXT) return this.remove(path);
    const lines = text.split("\n");
    const outline = language ? await this.#outlineOf(path, language, text, lines) : [];
    if (this.#waiting.get(path) !== update) return;
    this.#waiting.delete(path);
    // It does not know those that came since.
    this.#moves.get(path)?.splice(0, knownMoves);
    this.#corpus.set(path, { lines, outline, chunks: chunksOf(lines, outline) });
    this.#stamps.set(path, ++this.#updates);
    this.#makeRoom(path, mayGo);
  }

  remove(path: string): void {
    this.#waiting.delete(path);
    this.#corpus.delete(path);
    this.#stamps.delete(path);
    this.#moves.delete(path);
    this.#edited.forget(path);
    this.#viewed.forget(path);
  }

  /** Makes the file the last one to make room. */
  touch(path: string): void {
    this.#corpus.touch(path);
  }

  /** The file that makes room first. */
  get oldest(): string | undefined {
    return this.#corpus.oldest;
  }

  /** Another limit from the next update on. */
  limit(mostBytes: number): void {
    this.#mostBytes = mostBytes;
  }

  /** Edits of an open document, each of the text that the one before has made. @param text before the first */
  recordEdits(path: string, text: string, edits: readonly TextEdit[]): void {
    // The lines of what is never indexed need not be counted with every key.
    if (text.length > LONGEST_TEXT) return;
    if (edits.length > RECORDED_EDITS) {
      const whole = editBetween(text, applyEdits(text, edits));
      if (whole !== undefined) this.#moveLines(path, lineEdit(text, whole));
      return;
    }
    let before = text;
    for (const edit of edits) {
      this.#recordEdit(path, lineEdit(before, edit));
      if (edit !== edits.at(-1)) before = applyEdit(before, edit);
    }
  }

  /** Lines from 0, `endLine` not included. */
  recordView(path: string, startLine: number, endLine: number): void {
    this.#viewed.record(path, startLine, endLine);
    this.#corpus.touch(path);
  }

  /** In prompt order: the most relevant last, nearest to the cursor. The same question has the same answer. */
  retrieve(request: SnippetRequest): Snippet[] {
    const window = new LiveWindow(request, this.linesOf(request.path) ?? []);
    const definitions = definitionCandidates(this.#corpus, request, window);
    const recent = { edited: this.#placesIn(this.#edited), viewed: this.#placesIn(this.#viewed) };
    const ranges = rangeCandidates(this.#corpus, window, recent, request.path);
    return chooseSnippets(definitions, ranges, request.budgetCharacters, this.#corpus, window);
  }

  /** The places that a question is about, best first. */
  passages(request: PassageRequest): Passage[] {
    return findPassages(this.#corpus, request);
  }

  /** Files whose path ends so, at a slash. */
  endingWith(ending: string): string[] {
    const paths = this.#corpus.paths.endingWith(ending, "");
    return paths.filter((path) => `/${path}`.endsWith(`/${ending}`));
  }

  /** Undefined for a file that is not known. */
  linesOf(path: string): readonly string[] | undefined {
    return this.#corpus.file(path)?.lines;
  }

  has(path: string): boolean {
    return this.#corpus.has(path);
  }

  /** Whether a file that had to make room may come back. */
  get hasRoom(): boolean {
    return this.#corpus.fileCount < FULL * this.#mostFiles && this.#corpus.bytes < FULL * this.#mostBytes;
  }

  /** Another number means another text of the file. */
  updateOf(path: string): number | undefined {
    return this.#stamps.get(path);
  }

  async #outlineOf(
    path: string,
    language: Language,
    text: string,
    lines: readonly string[],
  ): Promise<readonly Definition[]> {
    const { outline, isBroken } = await this.#outliner.parse(language, text);
    const before = isBroken ? this.#corpus.file(path) : undefined;
    return before ? withLostDefinitions({ lines, outline }, before) : outline;
  }

  #recordEdit(path: string, edit: LineEdit): void {
    this.#moveLines(path, edit);
    // More lines at once are not written by hand: a file was loaded again, or generated.
    if (edit.inserted < LONGEST_PLACE) this.#edited.record(path, edit.line, edit.line + edit.inserted + 1);
    this.#corpus.touch(path);
  }

  /** Places below the edit are elsewhere now. */
  #moveLines(path: string, edit: LineEdit): void {
    if ((edit.deleted === 0 && edit.inserted === 0) || !this.#corpus.has(path)) return;
    for (const ranges of [this.#edited, this.#viewed]) ranges.shift(path, edit);
    const moves = this.#moves.get(path);
    if (moves === undefined) this.#moves.set(path, [edit]);
    else moves.push(edit);
  }

  /** What it says is known: nothing has to be found again. */
  #keep(path: string): void {
    this.#waiting.delete(path);
    this.#moves.delete(path);
    this.#corpus.touch(path);
  }

  /** Where these places are in the texts that are here. */
  #placesIn({ newestFirst }: RecentRanges): readonly FileRange[] {
    return newestFirst.map((range) => ({ ...range, ...shiftedBack(range, this.#moves.get(range.path) ?? []) }));
  }

  #makeRoom(newest: string, mayGo: (other: string) => boolean): void {
    while (this.#corpus.fileCount > this.#mostFiles || this.#corpus.bytes > this.#mostBytes) {
      const oldest = this.#corpus.oldest;
      if (oldest === undefined || oldest === newest) return;
      // Without it there may still be too much, where the limit is another one now.
      this.remove(this.#corpus.has(newest) && !mayGo(oldest) ? newest : oldest);
    }
  }
}

// Which files make room for others while all of a folder are looked into: the index drops first what it was given first, and the
// newest files come first.

import type { IndexedFile, MayGo, SourceIndex } from "./sourceIndex";

export class RoomOrder {
  /** Those that are looked into now, from the most stable on. */
  #paths: readonly string[] = [];
  /** A file takes the room of those below it. */
  #ranks = new Map<string, number>();
  /** What was known when the look began. */
  #before = new Map<string, IndexedFile | undefined>();
  /** In this look, or some before it that did not come to their end: files that were awaited, and those beside them. */
  readonly #awaited = new Set<string>();
  /** Files that these looks found changed: where they make room, they are not in the order of stability yet. */
  readonly #unordered = new Set<string>();

  constructor(private readonly index: SourceIndex) {}

  begin(paths: readonly string[]): void {
    this.#paths = paths;
    this.#ranks = new Map(paths.map((path, rank) => [path, rank]));
    this.#before = new Map(paths.map((path) => [path, this.index.get(path)]));
    for (const path of this.#awaited) this.#ranks.set(path, Infinity);
  }

  /** Which files may be dropped for this one. */
  mayGoFor(path: string): MayGo {
    return (other) => (this.#ranks.get(other) ?? -1) < this.#ranks.get(path)!;
  }

  /** These are awaited, and their turn comes now: they take the room of others, and keep it. */
  prefer(paths: readonly string[]): void {
    // Of the files so far, the newest came first.
    this.restore();
    for (const path of paths) {
      this.#ranks.set(path, Infinity);
      this.#awaited.add(path);
      this.index.touch(path);
    }
  }

  /** Has the most stable files make room first, and those that were awaited last. */
  restore(): void {
    for (const path of this.#paths) {
      if (this.index.get(path) !== this.#before.get(path)) this.#unordered.add(path);
      if (this.#unordered.has(path)) this.index.touch(path);
    }
    for (const path of [...this.#awaited].reverse()) this.index.touch(path);
  }

  /** The look has come to its end, and everything is in order. */
  end(): void {
    this.#paths = [];
    this.#ranks.clear();
    this.#before.clear();
    this.#awaited.clear();
    this.#unordered.clear();
  }
}

// One folder's trunks on disk: finds, saves and removes them, and knows which was saved last and when the next is due.
// Where states are not kept, there are none.

import type { Clocks } from "../../machine/clocks";
import type { ReadingPace } from "../readingPace";
import type { ChainLink, ReadEntry, StateKey } from "../stateStore/keys";
import type { StoredState } from "../stateStore/stateFile";
import type { StateStore } from "../stateStore/stateStore";
import type { Trunk } from "./trunk";

export interface SavedTrunksOptions {
  /** Absent: states live as long as the engine. */
  readonly store: StateStore | undefined;
  /** Names the folder in the store. */
  readonly folderId: string;
  readonly clocks: Clocks;
  readonly pace: Pick<ReadingPace, "tokenMs">;
}

/** "interim": the next one replaces it. */
export type SavedAs = "kept" | "interim";

/** A state is saved when it has read this much more than the last one that was kept, and at the end. */
const SAVE_EVERY_TOKENS = 32_768;
/** What was read for so long is saved, too: a slow model takes 20 minutes for those tokens. */
const SAVE_EVERY_MS = 120_000;
/**
 * Edits come again and again, each state is 41 MB to the disk, and what is lost of them is soon read again: only where that
 * takes longer are they saved more often.
 */
const SAVE_EDITS_MS = 1_800_000;
const SAVE_LONG_EDITS_MS = 300_000;
const LONG_READING_MS = 20_000;

export class SavedTrunks {
  /** The key of the state that is on disk as this folder's latest. */
  #latestKey: StateKey | undefined;
  /** Since when there is something that was read and is not saved, and how much by now. */
  #unsaved: { readonly since: number; tokens: number } | undefined;
  /** Whether the last save failed: the disk may have been full. */
  #hasFailed = false;
  /** The key of a state on disk that is removed once the next one is saved. */
  #interimKey: StateKey | undefined;

  constructor(private readonly options: SavedTrunksOptions) {}

  /** Whether the folder goes on from this trunk after a restart, or there is nothing to save. */
  isSaved({ files, key }: Trunk): boolean {
    return files.length === 0 || key === this.#latestKey;
  }

  /** What the folder used last. */
  async latest(): Promise<StoredState | undefined> {
    return this.options.store?.restoreLatest(this.options.folderId);
  }

  /** The folder goes on from this trunk, which is its latest on disk. */
  took({ key }: Trunk): void {
    this.#latestKey = key;
  }

  /** The state, of any folder, that has read the most of `files` from their beginning on, if it is more than `count` of them. */
  async longerThan(count: number, files: readonly ChainLink[]): Promise<StoredState | undefined> {
    return this.options.store?.restore(files, count + 1);
  }

  /** What each has read, the last used first. */
  async *histories(): AsyncGenerator<{ readonly key: StateKey; readonly chain: readonly ReadEntry[] }> {
    const { store, folderId } = this.options;
    if (store !== undefined) yield* store.histories(folderId);
  }

  /** Undefined where it is not there any more, or damaged. */
  async load(key: StateKey): Promise<StoredState | undefined> {
    return this.options.store?.load(key);
  }

  /** Files that they have read, those of other branches, too. */
  async paths(): Promise<ReadonlySet<string>> {
    return (await this.options.store?.pathsReadFor(this.options.folderId)) ?? new Set();
  }

  /** See StateStore. Returns how many went. */
  async removeHaving(paths: ReadonlySet<string>, read: readonly ChainLink[]): Promise<number> {
    const removed = (await this.options.store?.removeHaving(this.options.folderId, paths, read)) ?? 0;
    // The latest may be among them: a trunk that comes back to its key is to be saved again.
    if (removed > 0) this.startAnew();
    return removed;
  }

  /** Something is about to be read that is not saved. */
  began(): void {
    this.#unsaved ??= { since: this.options.clocks.elapsedMs(), tokens: 0 };
  }

  /** So many tokens of it have been read. */
  hasRead(tokens: number): void {
    if (this.#unsaved !== undefined) this.#unsaved.tokens += tokens;
  }

  /**
   * As what a trunk should be saved now, if at all.
   * @param unkept tokens read since the last one that was kept
   * @param areEdits the trunk had read everything before
   */
  due(unkept: number, areEdits = false): SavedAs | undefined {
    const as = unkept >= SAVE_EVERY_TOKENS ? "kept" : "interim";
    // What could not be written is not tried again after each file.
    if (as === "kept" && !this.#hasFailed) return as;
    return this.#unsaved !== undefined && this.#dueInMs(areEdits) === 0 ? as : undefined;
  }

  /** After how long a trunk that has read everything is to be saved, if little of it is not; 0: now. */
  get editsDueInMs(): number {
    return this.#hasFailed ? 0 : this.#dueInMs(true);
  }

  /**
   * Returns whether there is nothing left to save.
   * @param isInUse false for a trunk that is still to replace the one in use: a start takes the one that was complete
   */
  async save(trunk: Trunk, as: SavedAs, isInUse: boolean): Promise<boolean> {
    const { store } = this.options;
    const tokens = this.#unsaved?.tokens ?? 0;
    this.#unsaved = undefined;
    this.#hasFailed = false;
    if (store === undefined || trunk.files.length === 0) return true;
    const { key } = trunk;
    if (key === this.#latestKey) {
      if (as === "kept") this.#interimKey = undefined;
      return true;
    }
    // A file that was there before this save may be another folder's: never drop it as our interim state.
    const isOurs = !(await store.has(key));
    if (!(await this.#write(store, trunk, isInUse))) {
      this.#unsaved = { since: this.options.clocks.elapsedMs(), tokens };
      this.#hasFailed = true;
      return false;
    }
    const before = this.#interimKey;
    this.#interimKey = as === "interim" && isOurs ? key : undefined;
    if (before !== undefined) await store.drop(before);
    return true;
  }

  /** What is on disk is not replaced by the next. */
  keepInterim(): void {
    this.#interimKey = undefined;
  }

  /** See StateStore. */
  async prune(): Promise<void> {
    await this.options.store?.prune();
  }

  /** Forgets which states are on disk: they may have been removed or replaced. */
  startAnew(): void {
    this.#latestKey = undefined;
    this.#interimKey = undefined;
  }

  #dueInMs(areEdits: boolean): number {
    const dueAt = (this.#unsaved?.since ?? -Infinity) + (areEdits ? this.#saveEditsMs : SAVE_EVERY_MS);
    return Math.max(0, dueAt - this.options.clocks.elapsedMs());
  }

  get #saveEditsMs(): number {
    const readingMs = (this.#unsaved?.tokens ?? 0) * (this.options.pace.tokenMs ?? 0);
    return readingMs > LONG_READING_MS ? SAVE_LONG_EDITS_MS : SAVE_EDITS_MS;
  }

  /** Returns whether it is on disk now. */
  async #write(store: StateStore, trunk: Trunk, isInUse: boolean): Promise<boolean> {
    const { folderId } = this.options;
    const { key, state, files } = trunk;
    // A trunk that is still to replace the one in use is not the folder's latest; it is found again by the files that it has
    // read.
    if (!isInUse) return store.save(key, state, files, folderId);
    const isLatest = await store.saveLatest(folderId, key, state, files);
    if (isLatest) this.#latestKey = key;
    return isLatest;
  }
}

// States on disk, named by what they have read, so that a start, a branch switch or another window finds them again.
// What a damaged, foreign or missing file costs is time: the next shorter state is used, and the rest read again.

import * as nodeFiles from "node:fs/promises";
import { basename } from "node:path";
import { codeOf, type Files, writeWhole } from "../../machine/wholeFile";
import type { ClearedStates, LogLevel } from "../../protocol/engine";
import type { State } from "../model/state";
import { type ChainLink, chainKeys, folderMark, type ReadEntry, type StateKey } from "./keys";
import { ownerOf } from "./latestPointers";
import { readOpened } from "./openedFile";
import {
  type ByteSource,
  encodeState,
  type Header,
  isOfOlderFormat,
  readHeader,
  readState,
  type StateModel,
  type StoredState,
  UnusableState,
} from "./stateFile";
import { StateFolder } from "./stateFolder";
import { type SavedState, statesToForget } from "./statesToForget";
import { exportProblem } from "./writeProblem";

export interface StateStoreOptions {
  /** Made when it is missing. Files in it that are not the store's are left alone. */
  readonly folder: string;
  readonly model: StateModel;
  readonly budgetBytes: number;
  readonly log: (level: LogLevel, message: string) => void;
  /** node:fs/promises, unless a test has another. */
  readonly files?: Files;
}

export class StateStore {
  readonly #model: StateModel;
  readonly #files: Files;
  readonly #folder: StateFolder;

  constructor(private readonly options: StateStoreOptions) {
    this.#model = options.model;
    this.#files = options.files ?? nodeFiles;
    this.#folder = new StateFolder({ ...options, files: this.#files });
  }

  /**
   * Writes `state`, which has read `chain` for `folderId`, unless it is there already.
   * @returns whether it is on disk now. If not, the log says why: the engine goes on without.
   */
  async save(key: StateKey, state: State, chain: readonly ReadEntry[], folderId: string): Promise<boolean> {
    if (await this.#folder.touch(key)) return true;
    return this.#folder.write(key, await encodeState(this.#model, { key, state, chain }, folderMark(folderId)));
  }

  /** The state with this key, checked to the last byte; undefined when there is none. A damaged file is removed, and the log says so. */
  async load(key: StateKey): Promise<StoredState | undefined> {
    const stored = await this.#load(key);
    return stored === undefined || "refused" in stored ? undefined : stored;
  }

  /**
   * The state that has read the most of `wanted` from its beginning on, if any is saved and whole.
   * @param fewest files that it must have read: others are not looked at
   */
  async restore(wanted: readonly ChainLink[], fewest = 0): Promise<StoredState | undefined> {
    const present = new Set(await this.#folder.keys());
    const keys = chainKeys(this.#model.key, wanted)
      .slice(fewest)
      .filter((key) => present.has(key));
    return this.#firstGood(keys.reverse());
  }

  /** The state that `folderId` used last with this model, or the one before if that is damaged, and so on. */
  async restoreLatest(folderId: string): Promise<StoredState | undefined> {
    await this.#folder.tidy();
    await this.#removeOlder();
    return this.#firstGood(await this.#folder.latest(this.#ownerOf(folderId)));
  }

  async has(key: StateKey): Promise<boolean> {
    return (await this.#folder.find(key)) !== undefined;
  }

  /** The key that `folderId` used last with this model. */
  async latest(folderId: string): Promise<StateKey | undefined> {
    return (await this.#folder.latest(this.#ownerOf(folderId)))[0];
  }

  /** What the states have read that `folderId` used with this model, the last used first. */
  async *histories(folderId: string): AsyncGenerator<{ readonly key: StateKey; readonly chain: readonly ReadEntry[] }> {
    for (const key of await this.#folder.latest(this.#ownerOf(folderId))) {
      const header = await this.#headerOf(key);
      if (header !== undefined) yield { key, chain: header.chain };
    }
  }

  /** The files that the states of `folderId` have read, of any model as far as is known. */
  async pathsReadFor(folderId: string): Promise<Set<string>> {
    const own = (await this.#saved(folderId)).filter(({ isOwn }) => isOwn);
    return new Set(own.flatMap(({ chain = [] }) => chain.map(({ path }) => path)));
  }

  /**
   * Remembers what `folderId` uses, and protects it from `prune`, in other windows too.
   * @returns false when the state is not on disk, or not any more: save it again, if you have it.
   */
  async setLatest(folderId: string, key: StateKey): Promise<boolean> {
    return this.#folder.setLatest(this.#ownerOf(folderId), key);
  }

  /** `save` and `setLatest`, again when another window takes the file away in between. */
  async saveLatest(folderId: string, key: StateKey, state: State, chain: readonly ReadEntry[]): Promise<boolean> {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (!(await this.save(key, state, chain, folderId))) return false;
      if (await this.setLatest(folderId, key)) return true;
    }
    return false;
  }

  /** Removes a state of which another one has become the better, unless some folder uses it. */
  async drop(key: StateKey): Promise<void> {
    await this.#folder.removeUnlessLatest(key);
  }

  /** Removes what dead processes left behind, and the least recently used states, of any model, beyond the budget. */
  async prune(): Promise<void> {
    await this.#folder.prune(this.options.budgetBytes);
  }

  /**
   * Removes every state, of any model, that has read one of the folder's `paths`, and what cannot be read: for files that
   * must not be known any more. Returns how many went.
   * @param read what the folder has read besides what is saved
   */
  async removeHaving(folderId: string, paths: ReadonlySet<string>, read: readonly ChainLink[] = []): Promise<number> {
    let removed = 0;
    for (const key of statesToForget(await this.#saved(folderId), paths, read)) {
      if (await this.#folder.remove(key)) removed++;
    }
    return removed;
  }

  /** Removes states, of any model, and what belongs to them. @param folderIds only what was read for these; absent: every state */
  async clear(folderIds?: readonly string[]): Promise<ClearedStates> {
    return this.#folder.clear(folderIds);
  }

  /**
   * `folderId` goes on from a state that was made elsewhere, checked to the last byte. Throws a sentence that says why not.
   * @param refuse throws when what the state has read may not be kept
   */
  async importFile(
    folderId: string,
    path: string,
    refuse: (chain: readonly ReadEntry[]) => Promise<void> = async () => {},
  ): Promise<StoredState> {
    let stored: StoredState;
    try {
      stored = await this.#reading(path, (source) => readState(source, this.#model));
    } catch (error) {
      throw new Error(`The state ${path} cannot be imported: ${(error as Error).message}.`, { cause: error });
    }
    const { key, state, chain } = stored;
    await refuse(chain);
    if (!(await this.saveLatest(folderId, key, state, chain))) {
      throw new Error(this.#folder.problem || "Another window removed the state. Import it again.");
    }
    return stored;
  }

  /** Writes a copy of a state to `path`, for `importFile` elsewhere. Throws a sentence that says why not. */
  async exportFile(key: StateKey, path: string): Promise<void> {
    const stored = await this.#load(key);
    if (stored === undefined) throw new Error(`There is no saved state ${shortened(key)}. Read the repository first.`);
    if ("refused" in stored) throw new Error(stored.refused);
    try {
      await writeWhole(path, await encodeState(this.#model, stored), this.#files);
    } catch (error) {
      throw new Error(exportProblem(path, error), { cause: error });
    }
  }

  /** As `load`; where the file is not used, a sentence says why, which the log has already. */
  async #load(key: StateKey): Promise<StoredState | { readonly refused: string } | undefined> {
    const path = this.#folder.pathOf(key);
    try {
      const stored = await this.#reading(path, (source) => readState(source, this.#model));
      if (stored.key !== key) throw new UnusableState(`it holds the state ${shortened(stored.key)}`);
      await this.#folder.touch(key);
      return stored;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      const isRemoved = error instanceof UnusableState && (await this.#folder.remove(key));
      const refused =
        `The saved state ${basename(path)} is not used: ${(error as Error).message}. ` +
        `${isRemoved ? "It was removed; what" : "What"} it held is read again.`;
      this.options.log("warn", refused);
      return { refused };
    }
  }

  #ownerOf(folderId: string): string {
    return ownerOf(this.#model.key, folderId);
  }

  /** What nobody reads any more would take the room of other states, and the pointers of that time would protect it. */
  async #removeOlder(): Promise<void> {
    let removed = 0;
    for (const key of await this.#folder.keys()) {
      const isOlder = await this.#reading(this.#folder.pathOf(key), isOfOlderFormat).catch(() => false);
      if (isOlder && (await this.#folder.remove(key))) removed++;
    }
    if (removed > 0) this.options.log("info", `States that an earlier version has saved were removed: ${removed}.`);
  }

  /** Every state, as `folderId` sees it. */
  async #saved(folderId: string): Promise<SavedState[]> {
    const used = new Set(await this.#folder.latest(this.#ownerOf(folderId)));
    const mark = folderMark(folderId);
    const saved: SavedState[] = [];
    for (const key of await this.#folder.keys()) {
      const header = await this.#headerOf(key);
      const isOwn = used.has(key) || header?.folder === mark;
      saved.push({ key, chain: header?.chain, isOwn });
    }
    return saved;
  }

  async #firstGood(keys: readonly StateKey[]): Promise<StoredState | undefined> {
    for (const key of keys) {
      const stored = await this.load(key);
      if (stored !== undefined) return stored;
    }
    return undefined;
  }

  /** Undefined where the file cannot be read. */
  async #headerOf(key: StateKey): Promise<Header | undefined> {
    return this.#reading(this.#folder.pathOf(key), readHeader).catch(() => undefined);
  }

  #reading<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
    return readOpened(this.#files, path, read);
  }
}

function shortened(key: StateKey): string {
  return `${key.slice(0, 12)}…`;
}

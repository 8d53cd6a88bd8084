// Which files of a folder there are, in which order, and their index: listed anew, or brought up to date with some changes.
// Reads no model and forgets no state; which file may not be known any more, others say.

import { join } from "node:path";
import type { Clocks } from "../../machine/clocks";
import type { LogLevel, WorkspaceFolder } from "../../protocol/engine";
import type { Changes } from "../files/changedFiles";
import { CommitHistory } from "../files/commitHistory";
import { isInOneOf } from "../files/hasAncestorIn";
import { type Listing, listFiles, type SourceFile } from "../files/listFiles";
import { orderByStability } from "../files/orderByStability";
import { prefetch } from "../files/prefetch";
import type { ReadRules } from "../files/readRules";
import { REFUSALS, type Refusal } from "../files/refusal";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";
import { MOST_FILES } from "../snippets/snippetIndex";
import { awaitedFirst } from "./awaitedFirst";
import { FileNames } from "./fileNames";
import type { Permission } from "./permission";
import { RoomOrder } from "./roomOrder";
import { type IndexedFile, type MayGo, SourceIndex, type SourceThen } from "./sourceIndex";

export interface FolderIndexerOptions {
  readonly folder: WorkspaceFolder;
  readonly lm: LanguageModel;
  readonly permission: Permission;
  readonly log: (level: LogLevel, message: string) => void;
  readonly clocks: Clocks;
  /** The file's saved text is known; absolute. */
  readonly onSavedText?: ((path: string) => void) | undefined;
  /** For tests. */
  readonly mostFiles?: number;
  /** For tests. */
  readonly mostMemoryTokens?: number;
}

interface ListedFile {
  readonly path: string;
  /** Absent where the disk did not tell: then the file itself is looked at. */
  readonly stamp?: string;
}

export interface Listed {
  /** In the order in which a fresh trunk would read them. */
  readonly files: readonly ListedFile[];
  /** Files that were looked into, and are not there any more or may not be read. */
  readonly unlisted: readonly string[];
}

/**
 * New files may take this share of the room from older ones, first come, first served. After that all are listed anew, which
 * takes long.
 */
const NEW_SHARE = 0.1;

export class FolderIndexer {
  readonly index: SourceIndex;
  /** Every file that was listed, in the order in which a fresh trunk would read it. */
  #order = new FileNames();
  /** Those of them that are in the index, and what they follow from: of many names, most passes change nothing. */
  #files: { readonly of: readonly unknown[]; readonly files: readonly IndexedFile[] } = { of: [], files: [] };
  #leftOut: Listing["leftOut"] = {};
  /** Files that somebody has open, and that are to be known before others. */
  readonly #awaited = new Set<string>();
  readonly #history = new CommitHistory();
  readonly #roomOrder: RoomOrder;
  /** Folders and files of which the disk told nothing. */
  readonly #unread = new Set<string>();
  readonly #mostFiles: number;
  /**
   * How many new files are still taken in as they come. Of more than these, only a list of all files says which are the newest.
   */
  #room = 0;

  constructor(private readonly options: FolderIndexerOptions) {
    this.#mostFiles = options.mostFiles ?? MOST_FILES;
    const { lm, clocks, folder, onSavedText, mostMemoryTokens } = options;
    this.index = new SourceIndex(lm, clocks, {
      ...(mostMemoryTokens !== undefined && { mostMemoryTokens }),
      encoding: folder.encoding,
      onSavedText: (path) => onSavedText?.(join(folder.path, path)),
      onFailure: (path, error) => this.#logFailure(path, error),
    });
    this.#roomOrder = new RoomOrder(this.index);
  }

  /** In the order in which a fresh trunk would read them. */
  get files(): readonly IndexedFile[] {
    const of = [this.#order, this.#order.changes, this.index.changes] as const;
    if (!of.every((it, at) => it === this.#files.of[at])) this.#files = { of, files: this.#indexed() };
    return this.#files.files;
  }

  /** Files that may be read, as far as they are known by now. Not all of them are in the index. */
  get paths(): Iterable<string> {
    return this.#readable();
  }

  /** As the file is listed whose name may have been written in other letters; a name that is not listed as it is. */
  listedName(path: string): string {
    return this.#order.find(path) ?? path;
  }

  /** Counts of what was left out, by reason as the user reads it. */
  get leftOut(): Record<string, number> {
    const words: Record<string, number> = {};
    for (const [refusal, count] of [this.#leftOut, this.index.refused].flatMap((part) => Object.entries(part))) {
      const reason = REFUSALS[refusal as Refusal];
      words[reason] = (words[reason] ?? 0) + count;
    }
    return words;
  }

  /** A file of which the disk told nothing. */
  missed(path: string): void {
    this.#unread.add(path);
  }

  /** Folders and files of which the disk has told nothing since this was asked last. */
  takeUnread(): readonly string[] {
    const unread = [...this.#unread, ...this.index.unread];
    this.#unread.clear();
    return unread;
  }

  /** Somebody has the file open: it comes next when all are looked into, and the files beside it come after it. */
  lookSoonInto(path: string): void {
    this.#awaited.add(path);
  }

  /** Looks which files there are. */
  async list(rules: ReadRules, { signal }: ModelAccess): Promise<Listed> {
    const { files, leftOut, unread } = await listFiles(rules, signal);
    this.#leftOut = leftOut;
    for (const path of unread) this.missed(path);
    // What is known of a folder that cannot be listed stays, and is looked at one by one.
    const kept = await this.#allowedIn(unread, signal);
    const ordered = await orderByStability(rules.root, [...files, ...kept], { signal }, this.#history);
    const order = await FileNames.of(ordered.map(({ path }) => path));
    signal?.throwIfAborted();
    this.#order = order;
    return { files: ordered, unlisted: [...this.index.paths].filter((path) => !this.#order.has(path)) };
  }

  /**
   * Looks into the files that are known already, and into the last of the others, as many as there is room for. It begins with
   * the newest, which somebody most likely works on: so no older file takes its room.
   */
  async lookIntoAll({ files }: Listed, rules: ReadRules, access: ModelAccess): Promise<void> {
    const first = files.length - this.#mostFiles;
    const worthIt = files.filter(({ path }, at) => at >= first || this.index.get(path) !== undefined);
    this.#room = Math.max(this.#mostFiles - worthIt.length, this.#mostFiles * NEW_SHARE);
    this.#roomOrder.begin(worthIt.map(({ path }) => path));
    const order = awaitedFirst(worthIt.toReversed(), {
      awaited: this.#awaited,
      all: files.toReversed(),
      onAwaited: (soon) => this.#roomOrder.prefer(soon.map(({ path }) => path)),
    });
    try {
      await this.#lookInto(order, rules, access, (path) => this.#roomOrder.mayGoFor(path));
    } finally {
      // For what changes later.
      this.#roomOrder.restore();
    }
    this.#roomOrder.end();
  }

  /** Whether these changes need a new list of the folder's files. */
  needList({ present, rulesChanged, headChanged }: Changes): boolean {
    return rulesChanged || headChanged || this.#newAmong(present) > this.#room;
  }

  /** Changes that need no new list. */
  async takeIn({ present, removed, unread }: Changes, rules: ReadRules, access: ModelAccess): Promise<void> {
    this.#room -= this.#newAmong(present);
    await this.forgetAll(this.#order.within(removed), access);
    for (const path of unread) this.missed(path);
    for (const path of present) this.#order.add(path);
    await this.#lookInto(
      present.map((path) => ({ path })),
      rules,
      access,
    );
  }

  /** Forgets the names of files that were not looked into: the next list has those that may be read by then. */
  forgetNames(): void {
    const { paths } = this.index;
    for (const path of this.#order) if (!paths.has(path)) this.#order.delete(path);
  }

  forget(path: string): void {
    this.#order.delete(path);
    this.index.remove(path);
  }

  /** Of files that are gone, one at a time: a renamed folder may have thousands, and each takes up to some milliseconds. */
  async forgetAll(paths: Iterable<string>, access: ModelAccess): Promise<void> {
    for (const path of paths) {
      await access.nextRun();
      this.forget(path);
    }
  }

  *#readable(): Generator<string> {
    const { switchedOff } = this.options.permission;
    for (const path of this.#order) if (!switchedOff.has(path) && !this.index.isRefused(path)) yield path;
  }

  #indexed(): IndexedFile[] {
    const files: IndexedFile[] = [];
    for (const path of this.#order) {
      const file = this.index.get(path);
      if (file !== undefined) files.push(file);
    }
    return files;
  }

  /** Count of those that nobody has looked into. */
  #newAmong(paths: readonly string[]): number {
    return paths.filter((path) => this.index.get(path) === undefined && !this.index.isRefused(path)).length;
  }

  /** Files that were looked into, lie in one of `folders` or are one of them, and may be read as far as is known. */
  async #allowedIn(
    folders: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Pick<SourceFile, "path" | "modifiedMs">[]> {
    const all = new Set(folders);
    const paths = [...this.index.paths].filter((path) => all.has("") || isInOneOf(all, path));
    const { forbidden, unknown } = await this.options.permission.judgeAll(paths, signal);
    const allowed = paths.filter((path) => !forbidden.has(path) && !unknown.has(path));
    return allowed.map((path) => ({ path, modifiedMs: 0 }));
  }

  /** @param mayGoFor which files may be dropped for a file; absent: whichever is oldest */
  async #lookInto(
    files: Iterable<ListedFile>,
    { root }: ReadRules,
    access: ModelAccess,
    mayGoFor?: (path: string) => MayGo,
  ): Promise<void> {
    const { switchedOff } = this.options.permission;
    const { memory } = this.index;
    const begin = async ({ path, stamp }: ListedFile) =>
      switchedOff.has(path) ? undefined : this.index.read(root, path, stamp);
    for (const { file, reading } of prefetch(files, begin)) {
      const { path } = file;
      await access.nextRun();
      const read = await reading;
      if (read !== undefined && !switchedOff.has(path)) await this.#take(path, read, mayGoFor?.(path));
      // It may have been switched off before, or while it was looked at.
      if (switchedOff.has(path)) this.index.remove(path);
      // The first files serve while the last ones are looked into.
      while (memory.hasBatch && memory.work()) await access.nextRun();
    }
    while (memory.work()) await access.nextRun();
  }

  /** One file that cannot be taken in is no reason to do without the others. */
  async #take(path: string, read: SourceThen, mayGo: MayGo | undefined): Promise<void> {
    try {
      await this.index.take(path, read, mayGo);
      // The file is gone; or its name has other capitals, and the disk finds it by both.
      if (this.index.get(path) === undefined && !this.index.isRefused(path)) this.#order.delete(path);
    } catch (error) {
      this.index.remove(path);
      this.#logFailure(path, error as Error);
    }
  }

  #logFailure(path: string, { stack, message }: Error): void {
    const { log, folder } = this.options;
    log("error", `${folder.name}: ${path} is left out. ${stack ?? message}`);
  }
}

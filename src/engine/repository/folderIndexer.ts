// Which files of a folder there are, in which order, and their index: listed anew, or brought up to date with some changes.
// Reads no model and forgets no state; which file may not be known any more, others say.

import type { LogLevel, WorkspaceFolder } from "../../protocol/engine";
import type { Changes } from "../files/changedFiles";
import { type Listing, listFiles, type SourceFile } from "../files/listFiles";
import { orderByStability } from "../files/orderByStability";
import type { ReadRules } from "../files/readRules";
import { REFUSALS, type Refusal } from "../files/refusal";
import type { LanguageModel } from "../model/languageModel";
import type { ModelAccess } from "../modelAccess";
import type { Permission } from "./permission";
import { type IndexedFile, SourceIndex } from "./sourceIndex";

export interface FolderIndexerOptions {
  readonly folder: WorkspaceFolder;
  readonly lm: LanguageModel;
  readonly permission: Permission;
  readonly log: (level: LogLevel, message: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class FolderIndexer {
  readonly index: SourceIndex;
  /** Every readable file, in the order in which a fresh trunk would read it. */
  #order: readonly string[] = [];
  #leftOut: Listing["leftOut"] = {};
  /** Folders and files of which the disk told nothing. */
  readonly #unread = new Set<string>();

  constructor(private readonly options: FolderIndexerOptions) {
    this.index = new SourceIndex(options.lm, options.now);
  }

  /** In the order in which a fresh trunk would read them. */
  get files(): readonly IndexedFile[] {
    return this.#order.flatMap((path) => this.index.get(path) ?? []);
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

  /** Looks which files there are. Returns those that are known and not there any more, or may not be read. */
  async list(rules: ReadRules, signal: AbortSignal): Promise<readonly string[]> {
    const { files, leftOut, unread } = await listFiles(rules, signal);
    this.#leftOut = leftOut;
    for (const path of unread) this.missed(path);
    // What is known of a folder that cannot be listed stays, and is looked at one by one.
    const kept = await this.#allowedIn(unread);
    const ordered = await orderByStability(rules.root, [...files, ...kept], { signal });
    signal.throwIfAborted();
    this.#order = ordered.map(({ path }) => path);
    const listed = new Set(this.#order);
    return [...this.index.paths].filter((path) => !listed.has(path));
  }

  /** Looks into all that were listed. */
  async lookIntoAll(rules: ReadRules, access: ModelAccess): Promise<void> {
    await this.#lookInto(this.#order, rules, access);
  }

  /** Changes that need no new list of the folder's files. */
  async takeIn({ present, removed, unread }: Changes, rules: ReadRules, access: ModelAccess): Promise<void> {
    this.index.removeAll(removed);
    for (const path of unread) this.missed(path);
    const known = new Set(this.#order);
    this.#order = [...this.#order, ...present.filter((path) => !known.has(path))];
    await this.#lookInto(present, rules, access);
  }

  /** Known files that lie in one of `folders`, or are one of them, and may be read as far as is known. */
  async #allowedIn(folders: readonly string[]): Promise<SourceFile[]> {
    const isIn = (path: string) => folders.some((at) => at === "" || path === at || path.startsWith(`${at}/`));
    const allowed: SourceFile[] = [];
    for (const path of [...this.index.paths].filter(isIn)) {
      const verdict = await this.options.permission.judge(path);
      if (verdict === "allowed") allowed.push({ path, bytes: 0, modifiedMs: 0 });
    }
    return allowed;
  }

  async #lookInto(paths: readonly string[], { root }: ReadRules, access: ModelAccess): Promise<void> {
    const { switchedOff } = this.options.permission;
    for (const path of paths) {
      await access.nextRun();
      if (!switchedOff.has(path)) await this.#update(root, path);
      // It may have been switched off before, or while it was looked at.
      if (switchedOff.has(path)) this.index.remove(path);
    }
    while (this.index.memory.work()) await access.nextRun();
  }

  /** One file that cannot be taken in is no reason to do without the others. */
  async #update(root: string, path: string): Promise<void> {
    try {
      await this.index.update(root, path);
    } catch (error) {
      this.index.remove(path);
      const { log, folder } = this.options;
      log("error", `${folder.name}: ${path} is left out. ${(error as Error).stack ?? (error as Error).message}`);
    }
  }
}

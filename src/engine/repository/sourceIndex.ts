// What is known of a folder's files: their hashes and sizes in tokens, their strings in the exact memory, their outlines
// in the snippet index. Kept up to date file by file. Of a file that is open in the editor, the snippet index has the text there,
// from when it is told until the file on disk changes.

import type { Clocks } from "../../machine/clocks";
import { ExactMemory } from "../exactMemory/exactMemory";
import { readSource, refusalOfContent, type Source } from "../files/readSource";
import { isPassing, type Refusal } from "../files/refusal";
import type { LanguageModel } from "../model/languageModel";
import type { TokenId } from "../model/model";
import { SnippetIndex } from "../snippets/snippetIndex";
import type { ChainLink } from "../stateStore/keys";
import { fileTokens } from "./fileTokens";

export interface IndexedFile {
  readonly path: string;
  /** The hash of the content. */
  readonly hash: string;
  /**
   * Tokens in the trunk, separators included. An estimate where the file was not encoded, because the exact memory had no room
   * for it.
   */
  readonly tokens: number;
  /** When the file got this content, in elapsed milliseconds. */
  readonly changedAt: number;
  /** The stamp of the file that was read; undefined where it may be changed once more and keep its stamp. */
  readonly stamp: string | undefined;
}

/** Whether another file, by its path, may be dropped to make room. */
export type MayGo = (other: string) => boolean;

type Refused = Extract<Source, { refused: unknown }>;

/** What a file said at a time, in milliseconds since 1970. */
export interface SourceThen {
  readonly source: Source;
  readonly readAt: number;
}

export interface SourceIndexOptions {
  readonly mostMemoryTokens?: number;
  /** See WorkspaceFolder. */
  readonly encoding?: string | undefined;
  /** The snippet index now has the saved text of a file: whoever has it open in an editor has to tell its own text again. */
  readonly onSavedText?: (path: string) => void;
  /** The snippet index cannot take in the text that a file has in the editor, and does without the file. */
  readonly onFailure?: (path: string, error: Error) => void;
}

/** The exact memory holds at most this many tokens of a folder, of the files that changed last: 16 MB at rest. */
const MOST_MEMORY_TOKENS = 2_000_000;

/** About so many are one token, in code. */
const TOKEN_CHARACTERS = 3;

/** Some disks tell the time of a change to no more than 2 s: git, too, looks again into a file that it saw so soon after one. */
const COARSEST_TIME_MS = 2_000;

export class SourceIndex {
  readonly memory = new ExactMemory();
  readonly snippets = new SnippetIndex();
  readonly #files = new Map<string, IndexedFile>();
  #changes = 0;
  readonly #refused = new Map<string, Refused>();
  /** Files whose text in the snippet index is the editor's. */
  readonly #open = new Set<string>();
  /** Files whose newer text is just being taken in, of which nothing is known until that is done. */
  readonly #taking = new Set<string>();
  /** Files that somebody has opened since they were found to be in a cloud: that has fetched them, whatever their disk says. */
  readonly #fetched = new Set<string>();

  constructor(
    private readonly lm: LanguageModel,
    private readonly clocks: Clocks,
    private readonly options: SourceIndexOptions = {},
  ) {}

  /** Another number means that something else is known of the files. */
  get changes(): number {
    return this.#changes;
  }

  get(path: string): IndexedFile | undefined {
    return this.#files.get(path);
  }

  /** Every file that was looked into, also one that was refused then. */
  get paths(): ReadonlySet<string> {
    return new Set([...this.#files.keys(), ...this.#refused.keys()]);
  }

  /** Whether it was looked into, and nothing may be known of it. */
  isRefused(path: string): boolean {
    return this.#refused.has(path) && !this.#files.has(path);
  }

  /**
   * Whether a secret was found in this very content. A state that has read it was made by an older version, which did not find
   * it.
   */
  isSecret({ path, hash }: ChainLink): boolean {
    return this.#refused.get(path)?.hash === hash;
  }

  get fileCount(): number {
    return this.#files.size;
  }

  /** Files whose content may not be read, or could not be, counted by reason. */
  get refused(): Readonly<Partial<Record<Refusal, number>>> {
    const counts: Partial<Record<Refusal, number>> = {};
    for (const { refused } of this.#refused.values()) counts[refused] = (counts[refused] ?? 0) + 1;
    return counts;
  }

  /** Files that could not be read when they were looked at last, though they may be: what is known of them is older. */
  get unread(): readonly string[] {
    return [...this.#refused].filter(([, { refused }]) => isPassing(refused)).map(([path]) => path);
  }

  /**
   * What the file says now, for `take`.
   * @param stamp the file's own, where somebody knows it
   * @returns undefined where what it says is known by this stamp
   */
  async read(root: string, path: string, stamp: string | undefined): Promise<SourceThen | undefined> {
    if (stamp !== undefined && this.#files.get(path)?.stamp === stamp && this.#hasAllOf(path)) return undefined;
    const readAt = this.clocks.epochMs();
    return { source: await this.sourceOf(root, path), readAt };
  }

  /** What the file says now. From a cloud only what somebody has opened is fetched. */
  async sourceOf(root: string, path: string): Promise<Source> {
    const { encoding } = this.options;
    return readSource(root, path, { asStored: true, onlyOnDisk: !this.#fetched.has(path), encoding });
  }

  /**
   * Brings everything up to date with the file. One whose content may not be read is forgotten.
   * @param mayGo which files are worth less than this one, and may be dropped if there is no room
   */
  async take(path: string, { source, readAt }: SourceThen, mayGo: MayGo = () => true): Promise<void> {
    if ("refused" in source) {
      // The system may have given up the file's room on the disk: what it said is still known.
      if (!isPassing(source.refused) && source.refused !== "notOnDisk") this.remove(path);
      if (source.refused !== "gone") this.#refused.set(path, source);
      return;
    }
    this.#refused.delete(path);
    this.#taking.add(path);
    try {
      await this.#takeText(path, source, readAt, mayGo);
    } finally {
      this.#taking.delete(path);
    }
  }

  async #takeText(path: string, source: Exclude<Source, Refused>, readAt: number, mayGo: MayGo): Promise<void> {
    const { text, hash, changedMs } = source;
    const seen = { hash, stamp: readAt - changedMs > COARSEST_TIME_MS ? source.stamp : undefined };
    const known = this.#files.get(path);
    const isKnown = known?.hash === hash;
    const aboutTokens = Math.ceil(text.length / TOKEN_CHARACTERS);
    const isWanted = !isKnown && (this.memory.has(path) || this.#makingRoomFor(aboutTokens, mayGo) !== undefined);
    const tokens = isWanted ? await fileTokens(this.lm, path, text) : undefined;
    if (this.#mayShow(path, mayGo)) await this.snippets.update(path, text, mayGo);
    const wasOpen = this.#open.delete(path);
    // This comes last, so that a file that could not be taken in does not count as known.
    if (isKnown) this.#know({ ...known, ...seen });
    else {
      this.memory.removeDocument(path);
      if (tokens !== undefined) this.#remember(path, tokens, mayGo);
      const changedAt = this.clocks.elapsedMs() - Math.max(0, this.clocks.epochMs() - changedMs);
      this.#know({ path, ...seen, tokens: tokens?.length ?? aboutTokens, changedAt });
    }
    if (wasOpen || !isKnown) this.options.onSavedText?.(path);
  }

  #know(file: IndexedFile): void {
    this.#files.set(file.path, file);
    this.#changes++;
  }

  /** Somebody has opened the file. @returns whether it was in a cloud, and has to be looked into anew */
  noteOpened(path: string): boolean {
    if (this.#refused.get(path)?.refused !== "notOnDisk") return false;
    this.#refused.delete(path);
    this.#fetched.add(path);
    return true;
  }

  /**
   * Whether all is known of a file that has not changed. Not if it could not be read since, or if it had to leave the snippet
   * index, which has room again.
   */
  #hasAllOf(path: string): boolean {
    return !this.#refused.has(path) && (this.snippets.has(path) || !this.snippets.hasRoom);
  }

  /**
   * Takes the file's text as it stands in the editor, saved or not, in place of the saved one: for snippets and passages alone.
   * @returns whether the file is known; if it is not, its text must not be known either
   */
  async useOpenText(root: string, path: string, text: string): Promise<boolean> {
    if (!this.#files.has(path)) return false;
    if (refusalOfContent(path, text) !== undefined) await this.useSavedText(root, path);
    else {
      if (this.snippets.linesOf(path)?.join("\n") !== text) this.#open.add(path);
      await this.#show(path, text);
    }
    return true;
  }

  /** The editor has closed the file. @returns false where it cannot be read just now: the next `read` does it */
  async useSavedText(root: string, path: string): Promise<boolean> {
    if (!this.#open.delete(path)) return true;
    const known = this.#files.get(path);
    const { encoding } = this.options;
    const source = await readSource(root, path, { asStored: true, encoding });
    // It may have been opened anew, forgotten or looked into anew meanwhile.
    if (this.#open.has(path) || this.#taking.has(path) || this.#files.get(path) !== known) return true;
    if (!("refused" in source)) await this.#show(path, source.text);
    else if (isPassing(source.refused)) this.#refused.set(path, source);
    else this.remove(path);
    return !this.#refused.has(path);
  }

  /** One text that cannot be taken in is no reason to do without the others. */
  async #show(path: string, text: string): Promise<void> {
    try {
      await this.snippets.update(path, text);
    } catch (error) {
      this.snippets.remove(path);
      this.options.onFailure?.(path, error as Error);
    }
  }

  #remember(path: string, tokens: readonly TokenId[], mayGo: MayGo): void {
    const going = this.#makingRoomFor(tokens.length, mayGo);
    if (going === undefined) return;
    for (const other of going) this.memory.removeDocument(other);
    this.memory.setDocument(path, tokens);
  }

  /** Files without which the exact memory has room for so many tokens, the oldest; undefined where one of them may not go. */
  #makingRoomFor(tokens: number, mayGo: MayGo): readonly string[] | undefined {
    if (tokens > this.#mostMemoryTokens) return undefined;
    const going: string[] = [];
    let left = this.memory.tokenCount + tokens - this.#mostMemoryTokens;
    for (const { key, length } of this.memory.oldestFirst()) {
      if (left <= 0) break;
      if (!mayGo(key)) return undefined;
      going.push(key);
      left -= length;
    }
    return going;
  }

  get #mostMemoryTokens(): number {
    return this.options.mostMemoryTokens ?? MOST_MEMORY_TOKENS;
  }

  /** Whether the snippet index has the file, has room for it, or may be able to make some: how much it takes is known later. */
  #mayShow(path: string, mayGo: MayGo): boolean {
    const { oldest } = this.snippets;
    return this.snippets.has(path) || this.snippets.hasRoom || oldest === undefined || mayGo(oldest);
  }

  /** Counts the file as the newest: it makes room for others only after all of them. */
  touch(path: string): void {
    this.memory.touch(path);
    this.snippets.touch(path);
  }

  remove(path: string): void {
    this.#refused.delete(path);
    this.#open.delete(path);
    if (this.#files.delete(path)) {
      this.memory.forgetDocument(path);
      this.#changes++;
    }
    this.snippets.remove(path);
  }
}

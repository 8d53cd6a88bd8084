// The conversation as it is kept for a workspace: in VS Code's own store for it, bounded, and without the text of files.

import { type FolderFile, fileKey } from "../../protocol/engine";
import type { AnswerEntry, ChatEntry } from "../../protocol/webview";
import { isObject } from "../../text/json";
import { shortened } from "../../text/shortened";
import { keep, type Store } from "../store";

const KEY = "griffin.chat";
/** Raised when what is stored has another form; an old one is dropped. */
const VERSION = 2;
const MOST_ENTRIES = 60;
/** The length of the stored JSON at most. */
const MOST_CHARACTERS = 200_000;
/** The length of one text at most, so that no question or answer takes the room of all others. */
const LONGEST_TEXT = 20_000;

/** An entry, with what the page need not know of it. */
export interface KeptEntry {
  readonly entry: ChatEntry;
  /** With an answer: the files that the turns drew on which it was given with. */
  readonly earlierFiles?: readonly FolderFile[];
}

/** An answer's files are those of all that it was based on, so each is stored once, and named by its index. */
interface StoredConversation {
  readonly version: number;
  readonly entries: readonly StoredEntry[];
  readonly files: readonly FolderFile[];
}

interface StoredEntry {
  readonly entry: ChatEntry;
  readonly earlierFiles?: readonly number[];
}

export class ChatHistory {
  constructor(
    private readonly store: Store,
    private readonly warn: (sentence: string) => void,
  ) {}

  load(): readonly KeptEntry[] {
    const stored = this.store.get(KEY) as Partial<Record<keyof StoredConversation, unknown>> | undefined;
    if (stored?.version !== VERSION || !isListOf(stored.files, isFile)) return [];
    const { files, entries } = stored;
    if (!isListOf<StoredEntry>(entries, (one) => isEntry(one, files.length))) return [];
    return entries.map(({ entry, earlierFiles }) => ({
      entry,
      ...(earlierFiles && { earlierFiles: earlierFiles.map((index) => files[index]!) }),
    }));
  }

  /** The oldest go first when there are too many. Nothing remains stored of an empty conversation. */
  save(entries: readonly KeptEntry[]): void {
    const { kept, files } = newestInRoom(entries.slice(-MOST_ENTRIES));
    // Neither an answer without its question nor the end of a topic is a beginning.
    const first = kept.findIndex(({ entry }) => entry.role === "user");
    const stored = first < 0 ? undefined : { version: VERSION, entries: kept.slice(first), files };
    void keep(this.store, KEY, stored, "The chat's history could not be saved and will be lost on reload", this.warn);
  }
}

/** The last one in any case. */
function newestInRoom(entries: readonly KeptEntry[]): { kept: StoredEntry[]; files: FolderFile[] } {
  const kept: StoredEntry[] = [];
  const files: FolderFile[] = [];
  const indices = new Map<string, number>();
  let left = MOST_CHARACTERS;
  for (const { entry, earlierFiles } of entries.toReversed()) {
    const known = files.length;
    const stored = { entry: asStored(entry), ...(earlierFiles && { earlierFiles: earlierFiles.map(indexOf) }) };
    left -= JSON.stringify(stored).length + JSON.stringify(files.slice(known)).length;
    if (left < 0 && kept.length > 0) return { kept, files: files.slice(0, known) };
    kept.unshift(stored);
  }
  return { kept, files };

  function indexOf(file: FolderFile): number {
    const key = fileKey(file);
    const index = indices.get(key) ?? files.push(file) - 1;
    indices.set(key, index);
    return index;
  }
}

function asStored(entry: ChatEntry): ChatEntry {
  if (entry.role === "divider") return entry;
  const text = entry.text.length > LONGEST_TEXT ? shortened(entry.text, LONGEST_TEXT) : entry.text;
  if (entry.role === "user") return { ...entry, text };
  return { ...entry, text, sources: entry.sources.map(({ text: _, ...place }) => place) };
}

/** Another version of the extension may have stored something else. */
function isEntry(value: unknown, fileCount: number): value is StoredEntry {
  const { entry, earlierFiles } = (value ?? {}) as Partial<Record<keyof StoredEntry, unknown>>;
  const isIndex = (one: unknown) => Number.isInteger(one) && Number(one) >= 0 && Number(one) < fileCount;
  return isChatEntry(entry) && (earlierFiles === undefined || isListOf(earlierFiles, isIndex));
}

function isChatEntry(value: unknown): value is ChatEntry {
  if (!isObject(value)) return false;
  const { role, text, attached } = value;
  if (role === "divider") return true;
  if (typeof text !== "string") return false;
  if (role === "user") return isListOf(attached, (one) => typeof one === "string");
  const answer = value as Partial<Record<keyof AnswerEntry, unknown>>;
  const { isContinuation, isGathered, searched, address, sources, citations, refusals } = answer;
  return (
    role === "model" &&
    typeof isContinuation === "boolean" &&
    typeof isGathered === "boolean" &&
    (searched === undefined || searched === "all" || searched === "part") &&
    (address === undefined || typeof address === "string") &&
    isListOf(sources, isPlace) &&
    isListOf(citations, isPlace) &&
    isListOf(refusals, (one) => typeof one === "string")
  );
}

function isPlace(value: unknown): boolean {
  const { path, startLine, endLine } = (value ?? {}) as Record<string, unknown>;
  return typeof path === "string" && typeof startLine === "number" && typeof endLine === "number";
}

function isFile(value: unknown): value is FolderFile {
  const { folder, path } = (value ?? {}) as Record<string, unknown>;
  return typeof folder === "string" && typeof path === "string";
}

function isListOf<T>(value: unknown, isOne: (value: unknown) => value is T): value is T[];
function isListOf(value: unknown, isOne: (value: unknown) => boolean): value is unknown[];
function isListOf(value: unknown, isOne: (value: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isOne);
}

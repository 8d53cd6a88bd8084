// The conversation as it is kept for a workspace: in VS Code's own store for it, bounded, and without the text of files.

import { type DrawnFile, distinctFiles, drawnFiles, isInPrompt } from "../../protocol/engine";
import type { ChatEntry } from "../../protocol/webview";
import { isObject } from "../../text/json";
import { shortened } from "../../text/shortened";
import { keep, type Store } from "../store";

const KEY = "griffin.chat";
/** Raised when what is stored has another form; an old one is dropped. */
const VERSION = 3;
const MOST_ENTRIES = 60;
/** The length of the entries' JSON at most. */
const MOST_CHARACTERS = 200_000;
/** The length of one text at most, so that no question or answer takes the room of all others. */
const LONGEST_TEXT = 20_000;

interface StoredConversation {
  readonly version: number;
  readonly entries: readonly ChatEntry[];
}

export class ChatHistory {
  constructor(
    private readonly store: Store,
    private readonly warn: (sentence: string) => void,
  ) {}

  load(): readonly ChatEntry[] {
    const stored = this.store.get(KEY);
    return isStored(stored) ? stored.entries : [];
  }

  /** The oldest go first when there are too many. Nothing remains stored of an empty conversation. */
  save(entries: readonly ChatEntry[]): void {
    const newest = newestInRoom(entries.slice(-MOST_ENTRIES).map(asStored));
    // Neither an answer without its question nor the end of a topic is a beginning.
    const first = newest.findIndex(({ role }) => role === "user");
    const kept = first < 0 ? [] : newest.slice(first);
    const dropped = entries.slice(0, entries.length - kept.length);
    const stored = first < 0 ? undefined : { version: VERSION, entries: withDroppedFiles(kept, dropped) };
    void keep(this.store, KEY, stored, "The chat's history could not be saved and will be lost on reload", this.warn);
  }
}

/** The files that an answer drew on, or that those did which were dropped before a question. */
export function filesOf(entry: ChatEntry): readonly DrawnFile[] {
  if (entry.role === "divider") return [];
  if (entry.role === "user") return entry.droppedFiles ?? [];
  return drawnFiles(entry.sources.filter(isInPrompt));
}

/** The last one in any case. */
function newestInRoom(entries: readonly ChatEntry[]): ChatEntry[] {
  const kept: ChatEntry[] = [];
  let left = MOST_CHARACTERS;
  for (const entry of entries.toReversed()) {
    left -= JSON.stringify(entry).length;
    if (left < 0 && kept.length > 0) break;
    kept.unshift(entry);
  }
  return kept;
}

/** What is kept of a topic may repeat what was dropped of it, so its first question has the files of that. */
function withDroppedFiles(kept: readonly ChatEntry[], dropped: readonly ChatEntry[]): readonly ChatEntry[] {
  const [question] = kept;
  if (question?.role !== "user") return kept;
  const topic = dropped.slice(dropped.findLastIndex(({ role }) => role === "divider") + 1);
  const droppedFiles = distinctFiles([...topic, question].flatMap(filesOf));
  return droppedFiles.length > 0 ? kept.with(0, { ...question, droppedFiles }) : kept;
}

function asStored(entry: ChatEntry): ChatEntry {
  if (entry.role === "divider") return entry;
  const text = shortened(entry.text, LONGEST_TEXT);
  if (entry.role === "user") return { ...entry, text };
  return { ...entry, text, sources: entry.sources.map(({ text: _, ...place }) => place) };
}

/** `VERSION` answers for the entries' own form. */
function isStored(value: unknown): value is StoredConversation {
  if (!isObject(value)) return false;
  const { version, entries } = value;
  return version === VERSION && Array.isArray(entries) && entries.every(isObject);
}

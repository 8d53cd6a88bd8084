// The conversation as it is kept for a workspace: in VS Code's own store for it, bounded, and without the text of files.

import type { AnswerEntry, ChatEntry } from "../../protocol/webview";
import { isObject } from "../../text/json";
import { shortened } from "../../text/shortened";
import { keep, type Store } from "../store";

const KEY = "griffin.chat";
/** Raised when what is stored has another form; an old one is dropped. */
const VERSION = 1;
const MOST_ENTRIES = 60;
/** Of the stored JSON. */
const MOST_CHARACTERS = 200_000;
/** Of one text, so that no question or answer takes the room of all others. */
const LONGEST_TEXT = 20_000;

export class ChatHistory {
  constructor(
    private readonly store: Store,
    private readonly warn: (sentence: string) => void,
  ) {}

  load(): readonly ChatEntry[] {
    const stored = this.store.get(KEY) as { version?: unknown; entries?: unknown } | undefined;
    if (stored?.version !== VERSION || !Array.isArray(stored.entries)) return [];
    return stored.entries.every(isEntry) ? stored.entries : [];
  }

  /** The oldest go first when there are too many. Nothing remains stored of an empty conversation. */
  save(entries: readonly ChatEntry[]): void {
    let kept = entries.slice(-MOST_ENTRIES).map(asStored);
    while (kept.length > 1 && JSON.stringify(kept).length > MOST_CHARACTERS) kept = kept.slice(1);
    // Neither an answer without its question nor the end of a topic is a beginning.
    const first = kept.findIndex(({ role }) => role === "user");
    kept = first < 0 ? [] : kept.slice(first);
    const stored = kept.length === 0 ? undefined : { version: VERSION, entries: kept };
    void keep(
      this.store,
      KEY,
      stored,
      "The chat's history is not the same after a reload, as it was not kept",
      this.warn,
    );
  }
}

function asStored(entry: ChatEntry): ChatEntry {
  if (entry.role === "divider") return entry;
  const text = entry.text.length > LONGEST_TEXT ? shortened(entry.text, LONGEST_TEXT) : entry.text;
  if (entry.role === "user") return { ...entry, text };
  return { ...entry, text, sources: entry.sources.map(({ text: _, ...place }) => place) };
}

/** Another version of the extension may have stored something else. */
function isEntry(value: unknown): value is ChatEntry {
  if (!isObject(value)) return false;
  const { role, text, attached } = value;
  if (role === "divider") return true;
  if (typeof text !== "string") return false;
  if (role === "user") return isListOf(attached, (one) => typeof one === "string");
  const answer = value as Partial<Record<keyof AnswerEntry, unknown>>;
  const { isContinuation, searched, address, sources, earlierFiles, citations, refusals } = answer;
  return (
    role === "model" &&
    typeof isContinuation === "boolean" &&
    (searched === undefined || searched === "all" || searched === "part") &&
    (address === undefined || typeof address === "string") &&
    isListOf(sources, isPlace) &&
    (earlierFiles === undefined || isListOf(earlierFiles, isFile)) &&
    isListOf(citations, isPlace) &&
    isListOf(refusals, (one) => typeof one === "string")
  );
}

function isPlace(value: unknown): boolean {
  const { path, startLine, endLine } = (value ?? {}) as Record<string, unknown>;
  return typeof path === "string" && typeof startLine === "number" && typeof endLine === "number";
}

function isFile(value: unknown): boolean {
  const { folder, path } = (value ?? {}) as Record<string, unknown>;
  return typeof folder === "string" && typeof path === "string";
}

function isListOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

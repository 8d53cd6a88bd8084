// Entries of the chat as a test writes them.

import type { AnswerEntry, ChatEntry } from "../../src/protocol/webview";

/** An answer of which nothing has come yet but what is said here. */
export function answerOf(part: Partial<AnswerEntry> = {}): AnswerEntry {
  return {
    ...{ role: "model", text: "", isContinuation: false, isGathered: false, sources: [], citations: [], refusals: [] },
    ...part,
  };
}

/** What was said, and a line for where a new topic begins. */
export function textsOf(entries: readonly ChatEntry[]): string[] {
  return entries.map((entry) => (entry.role === "divider" ? "----" : entry.text));
}

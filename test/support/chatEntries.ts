// Entries of the chat as a test writes them.

import type { ChatEntry } from "../../src/protocol/webview";

/** What was said, and a line for where a new topic begins. */
export function textsOf(entries: readonly ChatEntry[]): string[] {
  return entries.map((entry) => (entry.role === "divider" ? "----" : entry.text));
}

// What is being mentioned at the cursor of the question: "@sha" asks for files, "#" for the selection. Plain text only.

export interface Mention {
  readonly kind: "file" | "selection";
  /** What was typed after the mark. */
  readonly query: string;
  /** Where the mark stands. */
  readonly start: number;
}

/** The mention that ends at the cursor, if there is one. */
export function mentionAt(text: string, cursor: number): Mention | undefined {
  const match = /(?:^|\s)([@#])([^\s@#]*)$/.exec(text.slice(0, cursor));
  if (!match) return undefined;
  const [, mark, query] = match as unknown as [string, string, string];
  const start = cursor - query.length - 1;
  if (mark === "@") return { kind: "file", query, start };
  return "selection".startsWith(query.toLowerCase()) ? { kind: "selection", query, start } : undefined;
}

/**
 * The text with the mark of a file at the cursor, where a mention may begin, and where the cursor is then. A mention that has
 * begun there is left as it is.
 */
export function withFileMark(text: string, at: number): { text: string; cursor: number } {
  if (mentionAt(text, at)?.kind === "file") return { text, cursor: at };
  const mark = /(^|\s)$/.test(text.slice(0, at)) ? "@" : " @";
  return { text: text.slice(0, at) + mark + text.slice(at), cursor: at + mark.length };
}

/** The text without the mention, and where the cursor is then. */
export function withoutMention(text: string, { start, query }: Mention): { text: string; cursor: number } {
  return { text: text.slice(0, start) + text.slice(start + 1 + query.length), cursor: start };
}

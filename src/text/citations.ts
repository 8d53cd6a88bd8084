// Places that an answer names: `src/shapes.ts:12`, `shapes.ts:3-9`. Finds them in text; whether they exist is asked elsewhere.

export interface CitedPlace {
  /** As it stands in the text. */
  readonly text: string;
  readonly path: string;
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
}

/** A path with an extension, then a line or two: `a/b.ts:3`, `a/b.ts:3-9`, `a/b.ts:3:14` (a column is left out), `a/b.ts#L3-L9`. */
const CITATION =
  /(?<![\p{L}\p{N}_@.+\-()[\]/:\\])((?:[\p{L}\p{N}_@.+\-()[\]]+\/)*[\p{L}\p{N}_@.+\-()[\]]*\.[A-Za-z][A-Za-z0-9+]{0,9})(?::|#)L?(\d{1,7})(?:[-–]L?(\d{1,7}))?(?![\p{L}\p{N}_])/gu;

/** In the order of the text; the same words once. */
export function findCitations(text: string): CitedPlace[] {
  const found = new Map<string, CitedPlace>();
  for (const match of text.matchAll(CITATION)) {
    const [whole, path, start, end] = match as unknown as [string, string, string, string | undefined];
    // Brackets belong to Next.js's routes, and else to the sentence.
    const bare = /[)\]]/.test(path) ? path : path.replace(/^[([]+/, "");
    const startLine = Number(start);
    const endLine = end === undefined ? startLine : Number(end);
    if (startLine < 1 || endLine < startLine || /(^|\/)\.{1,2}\//.test(bare)) continue;
    const cited = whole.slice(path.length - bare.length);
    if (!found.has(cited)) found.set(cited, { text: cited, path: bare, startLine, endLine });
  }
  return [...found.values()];
}

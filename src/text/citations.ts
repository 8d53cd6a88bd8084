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

/** Where a link of Markdown leads: in angle brackets also to a path with blanks, else to one in which brackets are closed. */
const DESTINATION = /\]\((?:<([^<>\n]+)>|((?:[^\s()<>]|\([^\s()<>]*\))+))(?:[ \t]+"[^"\n]*")?\)/g;

/** All of it is a place. */
const LINKED_PLACE = /^(?:\.\/)?([^:#\\/][^:#\\]*\.[A-Za-z][A-Za-z0-9+]{0,9})(?::|#)L?(\d{1,7})(?:[-–]L?(\d{1,7}))?$/u;

/** In the order of the text; the same words once. */
export function findCitations(text: string): CitedPlace[] {
  const linked = [...text.matchAll(DESTINATION)].flatMap(({ index, 1: bracketed, 2: bare }) => {
    const destination = linkTarget((bracketed ?? bare)!);
    const match = LINKED_PLACE.exec(destination);
    return match ? { index, ...placeOf(destination, ...groupsOf(match)) } : [];
  });
  const said = text.replace(DESTINATION, (link) => "]".padEnd(link.length));
  const named = [...said.matchAll(CITATION)].map((match) => {
    const [path, start, end] = groupsOf(match);
    // Brackets belong to Next.js's routes, and else to the sentence.
    const bare = /[)\]]/.test(path) ? path : path.replace(/^[([]+/, "");
    return { index: match.index, ...placeOf(match[0].slice(path.length - bare.length), bare, start, end) };
  });
  const found = new Map<string, CitedPlace>();
  for (const { index: _, ...place } of [...linked, ...named].sort((a, b) => a.index - b.index)) {
    const { startLine, endLine, path } = place;
    if (startLine < 1 || endLine < startLine || /(^|\/)\.{1,2}\//.test(path)) continue;
    if (!found.has(place.text)) found.set(place.text, place);
  }
  return [...found.values()];
}

/** A link's address as the text of a citation has it: without the escapes that a writer or a parser of Markdown puts into it. */
export function linkTarget(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function groupsOf(match: RegExpExecArray): [string, string, string | undefined] {
  const [, path, start, end] = match as unknown as [string, string, string, string | undefined];
  return [path, start, end];
}

function placeOf(text: string, path: string, start: string, end: string | undefined): CitedPlace {
  return { text, path, startLine: Number(start), endLine: Number(end ?? start) };
}

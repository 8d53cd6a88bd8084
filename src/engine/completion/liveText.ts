// The text around a cursor, as the model and the filters are to see it.

import type { CompleteParams, Offset } from "../../protocol/engine";
import { normalizeLineEnds } from "../../text/lines";
import type { MirroredDocument } from "../documents";
import { codePath } from "../snippets/languages";
import { lineStartNear } from "./promptWindow";

/** Where the cursor stands, with \n line ends. */
export interface LiveText {
  readonly path: string | undefined;
  readonly languageId: string;
  readonly prefix: string;
  readonly suffix: string;
  /** All of the text with the line ends of the editor; absent where none is open, as for texts to measure. */
  readonly document?: string;
  /** What it says out of the prompt's sight; absent as above. */
  readonly far?: FarLines;
}

/** The nearest lines above the prompt's beginning, and some lines below the suffix, with the line ends of the editor. */
export interface FarLines {
  readonly above: string;
  readonly below: string;
  /** What prompt and suffix hold. */
  readonly held: { readonly start: Offset; readonly end: Offset };
  /** Where `below` begins. */
  readonly belowStart: Offset;
}

/** UTF-16 units of the text after the cursor that the filters compare with. */
const SUFFIX_LENGTH = 4_000;
/** UTF-16 units on each side, about 8,000 tokens: with four times as many, no more lines are right. */
const FAR_LENGTH = 24_000;
/** UTF-16 units below the suffix, some ten lines: as far as the cursor may go down before far lines are near. */
export const FAR_SLACK = 400;

/** A cursor, and the entry chosen in the suggestion list there. */
export type Cursor = Pick<CompleteParams, "offset" | "selected">;

/**
 * The text around the cursor from `start` on, as if the entry chosen in the suggestion list had been accepted.
 * @param folderPath the document's path in the folder that is read, if it lies in one
 */
export function liveText(
  document: MirroredDocument,
  cursor: Cursor,
  folderPath: string | undefined,
  start: Offset,
): LiveText {
  const { selected } = cursor;
  const { text } = document;
  const suffixAt = suffixStart(cursor);
  const prefix = text.slice(start, prefixEnd(cursor));
  const path = folderPath ?? document.path;
  // Models are trained on \n; the editor puts the document's own line ends back when it inserts.
  return {
    path: path && codePath(path, document.languageId),
    languageId: document.languageId,
    prefix: normalizeLineEnds(prefix + (selected?.text ?? "")),
    suffix: normalizeLineEnds(text.slice(suffixAt, suffixAt + SUFFIX_LENGTH)),
    document: text,
    far: farLines(text, start, suffixAt + SUFFIX_LENGTH),
  };
}

/** The text after the cursor that a completion in a notebook's cell must fit: the next cell may say the same again. */
export function cellSuffix({ text }: MirroredDocument, params: CompleteParams, cellRest: number): string {
  const start = suffixStart(params);
  const end = Math.min(start + SUFFIX_LENGTH, params.offset + cellRest);
  return normalizeLineEnds(text.slice(start, Math.max(start, end)));
}

/** Where the text before the cursor ends that stays. */
export function prefixEnd({ offset, selected }: Cursor): Offset {
  return selected?.offset ?? offset;
}

/** While somebody types in one place, they stay as they are: both begin at a line's start. */
function farLines(text: string, start: Offset, end: Offset): FarLines {
  const aboveStart = lineStartNear(text, Math.max(0, start - FAR_LENGTH), start);
  const belowStart = lineStartNear(text, end + FAR_SLACK, end + FAR_SLACK + FAR_LENGTH);
  const [above, below] = [text.slice(aboveStart, start), text.slice(belowStart, belowStart + FAR_LENGTH)];
  return { above, below, held: { start, end }, belowStart };
}

function suffixStart({ offset, selected }: Cursor): Offset {
  return selected === undefined ? offset : selected.offset + selected.deleted;
}

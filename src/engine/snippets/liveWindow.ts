// What the text around the cursor asks for: its names and terms, weighted by how near they are; and which lines the
// prompt holds anyway.

import { wordAtEnd } from "../../text/lines";
import { IMPORT_LINE, type MarkedLine, withImports } from "./importLines";
import { type LivePlace, placeIn } from "./livePlace";
import type { SnippetRequest } from "./snippet";
import { isTelling } from "./tellingLine";
import { forEachTerm } from "./terms";
import { receiverAt } from "./typeHints";

/** Lines before and after the cursor whose names count. */
const LINES_BEFORE = 30;
const LINES_AFTER = 8;
/** Names this many lines away weigh half as much as those at the cursor. */
const HALF_WEIGHT_LINES = 3;
const AFTER_WEIGHT = 0.4;
/** Of other places, what comments and imports say against what code does: the line that is written is mostly code. */
const COMMENT_WORTH = 0.1;
const COMMENT_LINE = /^\s*(\/\/|\/\*|\*(\s|\/|$)|#(\s|!|$)|--\s|<!--)/;
/** A word of a name, against the name. */
const WORD_WEIGHT = 0.4;

/** Of two texts that have so much in common, one is a copy. */
const COPY = 0.6;

export class LiveWindow {
  /** Names near the cursor → weight, 0 to 1. */
  readonly names: ReadonlyMap<string, number>;
  /** Terms near the cursor → weight. */
  readonly terms: ReadonlyMap<number, number>;
  /** What the cursor completes a member of. */
  readonly receiver: string | undefined;
  /** The word that the cursor ends; empty, if it is a number, or too short to tell anything. */
  readonly word: string;
  /** Where the text around the cursor stands in the live file as it is known. */
  readonly place: LivePlace | undefined;
  /** The live file as it stands in the editor, and all its lines once somebody asks: most retrievals need none. */
  readonly #document: string | undefined;
  #lines: ReadonlySet<string> | undefined;
  readonly #held: ReadonlySet<string>;

  /** @param known the live file's lines as they are known */
  constructor({ prefix, suffix, heldSuffix, nearSuffix, document }: SnippetRequest, known: readonly string[]) {
    const before = prefix.split("\n");
    const after = suffix.split("\n");
    const weighted = weightedLines(before, after);
    this.names = namesIn(weighted);
    this.terms = termsIn(weighted);
    this.receiver = receiverAt(prefix);
    const word = wordAtEnd(prefix);
    this.word = /^\p{N}|^.$/u.test(word) ? "" : word;
    const nearAfter = nearSuffix.split("\n").length - (nearSuffix.endsWith("\n") ? 1 : 0);
    this.place = placeIn(known, before, after, nearAfter);
    this.#document = document;
    this.#held = new Set([...before, ...heldSuffix.split("\n")].map((line) => line.trim()));
  }

  holdsLine(line: string): boolean {
    return this.#held.has(line.trim());
  }

  /** Whether the prompt holds so many of the telling lines that they are a copy. */
  holdsMostOf(lines: readonly string[]): boolean {
    const telling = lines.map((line) => line.trim()).filter(isTelling);
    if (telling.length === 0) return true;
    return telling.filter((line) => this.#held.has(line)).length / telling.length > COPY;
  }

  /** Whether the line, which the live file had, was deleted or changed since. */
  isGone(line: string): boolean {
    if (this.#document === undefined) return false;
    this.#lines ??= new Set(this.#document.split("\n"));
    return !this.#lines.has(line);
  }

  worthOf(line: string): number {
    return COMMENT_LINE.test(line) || IMPORT_LINE.test(line) ? COMMENT_WORTH : 1;
  }
}

interface WeightedLine extends MarkedLine {
  readonly weight: number;
}

/** Those near the cursor, the heaviest first. */
function weightedLines(before: readonly string[], after: readonly string[]): WeightedLine[] {
  const above = withImports(before).reverse().slice(0, LINES_BEFORE);
  const below = withImports(after.slice(0, LINES_AFTER));
  return [
    ...above.map((line, distance) => ({ ...line, weight: weightAt(distance) })),
    ...below.map((line, distance) => ({ ...line, weight: AFTER_WEIGHT * weightAt(distance) })),
  ].sort((a, b) => b.weight - a.weight);
}

function weightAt(distance: number): number {
  return HALF_WEIGHT_LINES / (HALF_WEIGHT_LINES + distance);
}

function namesIn(lines: readonly WeightedLine[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const { line, isImport, weight } of lines) {
    if (isImport) continue;
    for (const [name] of line.matchAll(/[\p{L}_$][\p{L}\p{N}_$]+/gu)) {
      // The heaviest line comes first.
      if (!names.has(name)) names.set(name, weight);
    }
  }
  return names;
}

function termsIn(lines: readonly WeightedLine[]): Map<number, number> {
  const terms = new Map<number, number>();
  for (const { line, weight } of lines) {
    forEachTerm(line, (term, isWhole) => {
      const own = weight * (isWhole ? 1 : WORD_WEIGHT);
      // Once more in another line counts a little.
      const known = terms.get(term);
      terms.set(term, known === undefined ? own : Math.min(1.5, known + own / 4));
    });
  }
  return terms;
}

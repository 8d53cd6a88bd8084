// The definitions of a file, with their signatures. Knows texts and grammars; knows no index and no disk.

import { dedent } from "../../text/lines";
import { type Grammar, type GrammarMatch, loadGrammar } from "./grammars";
import { codeOf, type GrammarName, type Language } from "./languages";
import type { LineRange } from "./lineRange";

/** As queries capture them: queries/README.md. */
export const KINDS = [
  "class",
  "constant",
  "declaration",
  "enum",
  "field",
  "function",
  "implementation",
  "interface",
  "macro",
  "method",
  "module",
  "type",
  "variable",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Definition extends LineRange {
  readonly name: string;
  readonly kind: Kind;
  /** The definition without its body: whole lines, without the indentation that all have. */
  readonly signature: string;
  /** The line after the signature's last. */
  readonly signatureEndLine: number;
  /** Index of the definition around it, in the outline; -1 at the top. */
  readonly container: number;
}

/** Whether what is inside of it are its members. */
export function hasMembers({ kind }: Definition): boolean {
  return /^(class|interface|implementation|enum|type)$/.test(kind);
}

/** Go's methods stand outside of their type, also in other files of its package. */
export function receivingType({ signature }: Definition): string | undefined {
  return /^func \((?:\w+ )?\*?(\w+)/.exec(signature)?.[1];
}

/** A longer text has no outline: machines write such files, and parsing one would hold up a completion. */
const LONGEST_TEXT = 400_000;
const LONGEST_SIGNATURE = 320;
/** Of a longer one the end is enough; looked for in all of a text, a name takes time by the square of its length. */
const LONGEST_NAME = 200;
const MOST_SIGNATURE_LINES = 8;
/** Says how a definition is treated, not how it is used: @Override, [Test]. */
const ATTRIBUTE_LINE = /^\s*(@\w[\w.]*(\(.*\))?|\[.*\])\s*$/;
/** A file with more is a table of data. */
const MOST_DEFINITIONS = 2_000;

export class Outliner {
  readonly #loaded = new Map<GrammarName, Grammar>();
  readonly #loading = new Map<GrammarName, Promise<void>>();

  /** Loads the language's grammar, if that has not been done. Until then `outline` finds nothing. */
  async prepare(language: Language): Promise<void> {
    this.#dropUnusable();
    let loading = this.#loading.get(language.grammar);
    if (!loading) {
      loading = loadGrammar(language.grammar, language.query).then(
        (grammar) => void this.#loaded.set(language.grammar, grammar),
      );
      this.#loading.set(language.grammar, loading);
      loading.catch(() => this.#loading.delete(language.grammar));
    }
    await loading;
  }

  isReady(language: Language): boolean {
    return this.#loaded.get(language.grammar)?.isUsable ?? false;
  }

  /**
   * In the order of the text. Empty for what is too long, or takes too long or too much memory. Of a long text, others go on
   * in between.
   */
  async outline(language: Language, text: string): Promise<Definition[]> {
    return (await this.parse(language, text)).outline;
  }

  /** The same, with whether some of the text is not understood: then definitions may be missing. */
  async parse(language: Language, text: string): Promise<{ outline: Definition[]; isBroken: boolean }> {
    const grammar = this.#loaded.get(language.grammar);
    if (!grammar || text.length > LONGEST_TEXT) return { outline: [], isBroken: false };
    let found: Found[] = [];
    let isBroken = false;
    const hadItsTurn = await grammar.match(codeOf(language, text), (matches, hasErrors) => {
      found = distinct(matches.map(foundBy).filter((one) => one !== undefined));
      isBroken = hasErrors;
    });
    this.#dropUnusable();
    if (!hadItsTurn) {
      // Another text took all memory: this one is as good as any. If the grammar cannot be loaded again, nothing is found.
      await this.prepare(language).catch(() => {});
      return this.parse(language, text);
    }
    return { outline: withContainers(withinLimit(withShortOnesWhole(found)), text), isBroken };
  }

  /** What one text has ended is loaded anew for the next one; until it is dropped, its memory is held. */
  #dropUnusable(): void {
    for (const [name, grammar] of this.#loaded) {
      if (grammar.isUsable) continue;
      this.#loaded.delete(name);
      this.#loading.delete(name);
    }
  }
}

/** The process's own: each grammar is loaded once. */
export const SHARED_OUTLINER = new Outliner();

interface Found {
  name: string;
  kind: Kind;
  start: number;
  end: number;
  /** Where the body begins; the end, if there is none. */
  bodyStart: number;
  startLine: number;
  endLine: number;
}

function foundBy(match: GrammarMatch): Found | undefined {
  const found: Partial<Found> = {};
  for (const { name: capture, node } of match.captures) {
    if (capture === "name")
      found.name = node.text.replace(/^:/, ""); // Ruby's symbols
    else if (capture === "body") found.bodyStart = node.startIndex;
    else if (capture === "declarator") found.name = declaredName(node.text) ?? "";
    else if (isKind(capture)) {
      found.kind = capture;
      found.start = node.startIndex;
      found.end = node.endIndex;
      found.startLine = node.startPosition.row;
      found.endLine = node.endPosition.row + (node.endPosition.column > 0 ? 1 : 0);
    }
  }
  if (!found.name || found.kind === undefined) return undefined;
  return { ...found, bodyStart: found.bodyStart ?? found.end } as Found;
}

function isKind(capture: string): capture is Kind {
  return KINDS.some((kind) => kind === capture);
}

/** C's declarators wrap the name: `*Table::Find(int key) const` declares Find. */
function declaredName(declarator: string): string | undefined {
  const operator = /\boperator\s*(\(\)|[^\s(]+)/.exec(declarator);
  if (operator) return operator[0];
  const before = declarator.split(/[([={;]/, 1)[0]!.trimEnd();
  return /~?[\w$]+$/.exec(before.slice(-LONGEST_NAME))?.[0];
}

/** Two patterns may find the same definition; the earlier pattern's is the more exact one. */
function distinct(found: readonly Found[]): Found[] {
  const byPlace = new Map<string, Found>();
  for (const one of found) {
    const place = `${one.start} ${one.name}`;
    const other = byPlace.get(place);
    if (!other || one.bodyStart < other.bodyStart) byPlace.set(place, one);
  }
  return [...byPlace.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}

/** An enum or a type of a few lines is its own signature, without members of its own. */
function withShortOnesWhole(found: readonly Found[]): Found[] {
  const whole: Found[] = [];
  let around: Found | undefined;
  for (const [index, one] of found.entries()) {
    if (around && isInside(one, around)) continue;
    around = isShort(one) && hasOnlyValues(found, index) ? { ...one, bodyStart: one.end } : undefined;
    whole.push(around ?? one);
  }
  return whole;
}

function isShort({ kind, start, end, startLine, endLine }: Found): boolean {
  return holdsValues(kind) && endLine - startLine <= MOST_SIGNATURE_LINES && end - start <= LONGEST_SIGNATURE;
}

/** Whether there is no code inside. */
function hasOnlyValues(found: readonly Found[], index: number): boolean {
  for (let at = index + 1; at < found.length && isInside(found[at]!, found[index]!); at++) {
    if (!isValue(found[at]!.kind)) return false;
  }
  return true;
}

/** A long enum may not push out what stands below it. */
function withinLimit(found: readonly Found[]): Found[] {
  const values = new Set<Found>();
  let around: Found | undefined;
  for (const one of found) {
    if (!around || !isInside(one, around)) around = holdsValues(one.kind) ? one : undefined;
    else if (isValue(one.kind)) values.add(one);
  }
  let room = MOST_DEFINITIONS - (found.length - values.size);
  return found.filter((one) => !values.has(one) || room-- > 0).slice(0, MOST_DEFINITIONS);
}

function holdsValues(kind: Kind): boolean {
  return kind === "enum" || kind === "type";
}

function isValue(kind: Kind): boolean {
  return kind === "constant" || kind === "field";
}

function withContainers(found: readonly Found[], text: string): Definition[] {
  const definitions: Definition[] = [];
  /** What is around: also functions, whose inside is nobody else's business and gets no index. */
  const open: { one: Found; index: number; isFunction: boolean; container: number }[] = [];
  for (const one of found) {
    while (open.length > 0 && !isInside(one, open.at(-1)!.one)) open.pop();
    const around = open.at(-1);
    // A field that a constructor makes belongs to the class; whatever else is in a function is its own.
    const container = around?.isFunction ? around.container : (around?.index ?? -1);
    if (around?.isFunction && one.kind !== "field") continue;
    if (around?.isFunction && definitions.some((other) => other.container === container && other.name === one.name))
      continue;
    open.push({ one, index: definitions.length, isFunction: /^(function|method)$/.test(one.kind), container });
    const { name, kind, startLine, endLine } = one;
    const signature = signatureOf(one, text);
    const signatureEndLine = Math.min(endLine, startLine + signature.lines);
    definitions.push({ name, kind, startLine, endLine, signature: signature.text, signatureEndLine, container });
  }
  return definitions;
}

function isInside(one: Found, other: Found): boolean {
  return one.end <= other.end && (one.start > other.start || one.end < other.end);
}

function signatureOf({ name, start, end, bodyStart }: Found, text: string): { text: string; lines: number } {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  // What stands before it in the line, like `export`, belongs to it; another statement does not.
  const before = text.slice(lineStart, start);
  const from = /^[\s\w@]*$/.test(before) ? lineStart : start;
  const raw = text.slice(from, Math.min(bodyStart, end, from + LONGEST_SIGNATURE));
  const all = raw.split("\n");
  const attributes = Math.max(
    0,
    all.findIndex((line) => !ATTRIBUTE_LINE.test(line)),
  );
  const lines = all.slice(attributes, attributes + MOST_SIGNATURE_LINES);
  const trimmed = dedent(lines)
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd()
    .replace(/\s*[{=]$/, "");
  // C has the name below the body: `typedef struct {…} name_t;`
  const isNamedBelow = /^typedef\b/.test(trimmed) && bodyStart < end && !trimmed.endsWith(` ${name}`);
  const named = isNamedBelow ? `${trimmed} ${name}` : trimmed;
  return { text: named, lines: attributes + trimmed.split("\n").length };
}

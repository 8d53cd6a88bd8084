// Which names' definitions are wanted: those used near the cursor, and those of the types that things there may have.

import type { Corpus } from "./corpus";
import type { Aliases } from "./imports/statement";
import type { LiveWindow } from "./liveWindow";
import { type Definition, hasMembers } from "./outline";
import type { ParsedFile } from "./packedFiles";
import type { SnippetRequest } from "./snippet";
import {
  callsAssigned,
  isSelf,
  NEAR_CHARACTERS,
  openClassHeader,
  typesIn,
  typesInClassHeader,
  typesOfVariables,
} from "./typeHints";

/** Files of a name that are looked through for those of the live file's language. */
export const MOST_SORTED_OUT = 500;
/** What stands before the dot matters most: its members come next. */
export const RECEIVER = 1.5;
/** `queryCache` is often a QueryCache. */
const GUESSED_TYPE = 0.55;
/** Types spoken of where the receiver is declared, in whatever file. */
const DECLARED_TYPE = 0.8;
/** A receiver that more files declare may be anything. */
const MOST_DECLARING_FILES = 6;
const MOST_TYPES = 6;

/** @returns name → weight: 0 to 1, more for what the receiver may be */
export function wantedNames(
  corpus: Corpus,
  request: SnippetRequest,
  window: LiveWindow,
  aliases: Aliases,
  accept: (path: string) => boolean,
): Map<string, number> {
  const wanted = new Map<string, number>();
  const raise = (name: string, weight: number) => {
    if ((wanted.get(name) ?? 0) >= weight) return;
    wanted.set(name, weight);
    const meant = aliases.get(name);
    if (meant !== undefined) raise(meant, weight);
  };
  for (const [name, weight] of window.names) raise(name, weight);
  const { receiver } = window;
  const before = request.prefix.split("\n");
  const header = openClassHeader(before);
  const around = definitionsAround(corpus.file(request.path), window, { before, header });
  // The parameters of a long function are declared above the text before the cursor.
  const signatures = around.map(({ signature }) => signature).join("\n");
  const types = typesOfVariables(`${signatures}\n${request.prefix.slice(-NEAR_CHARACTERS)}`);
  for (const [name, weight] of window.names) {
    for (const type of types.get(name) ?? []) {
      // What else than types is in lower case is too much for names further away.
      if (/^\p{Lu}/u.test(type)) raise(type, weight);
    }
    const type = pascalCase(name);
    if (type !== name) raise(type, (name === receiver ? RECEIVER : weight) * GUESSED_TYPE);
  }
  if (receiver === undefined) return wanted;
  raise(receiver, RECEIVER);
  for (const type of types.get(receiver) ?? []) {
    raise(type, RECEIVER);
    // What a class comes from stands in its signature.
    const bases = typesDeclaredFor(aliases.get(type) ?? type, corpus, request.path, accept, hasMembers);
    for (const base of bases) raise(base, RECEIVER);
  }
  if (isSelf(receiver)) {
    const own = ownClassAndBases(around, corpus.file(request.path), { before, header });
    for (const name of own) raise(name, RECEIVER);
  }
  for (const declared of [receiver, ...callsAssigned(request.prefix, receiver)]) {
    const meant = aliases.get(declared) ?? declared;
    for (const type of typesDeclaredFor(meant, corpus, request.path, accept)) raise(type, RECEIVER * DECLARED_TYPE);
  }
  return wanted;
}

/** The lines before the cursor, and which of them begins the class that is open there: its index, or -1. */
interface LinesBefore {
  readonly before: readonly string[];
  readonly header: number;
}

/** Of the live file; the innermost last. What stands above a class that the text before the cursor opens ends above it, too. */
function definitionsAround(
  file: ParsedFile | undefined,
  { place }: LiveWindow,
  { before, header }: LinesBefore,
): Definition[] {
  if (file === undefined || place === undefined) return [];
  const line = place.cursorLine;
  return file.outline.filter(({ startLine, endLine }) => {
    const isAround = startLine <= line && line < endLine;
    return isAround && (header < 0 || before.lastIndexOf(file.lines[startLine]!) >= header);
  });
}

/**
 * What `self.` and `this.` may mean: the class around the cursor, and those that it comes from. Of one that is not known yet, what
 * stands before the cursor says so: its own first line, or that of a method which is known.
 */
function ownClassAndBases(
  around: readonly Definition[],
  file: ParsedFile | undefined,
  { before, header }: LinesBefore,
): string[] {
  const known = around.findLast(hasMembers);
  if (known !== undefined) return classAndBases(known);
  const classes = classesByMemberLine(file);
  for (const [index, line] of [...before.entries()].reverse()) {
    if (index === header) return typesInClassHeader(line);
    const memberOf = classes.get(line.trim());
    if (memberOf) return classAndBases(memberOf);
  }
  return [];
}

function classAndBases({ name, signature }: Definition): string[] {
  return [name, ...typesIn(signature)];
}

/** First line of a method → its class; undefined, if several classes have such a line. */
function classesByMemberLine(file: ParsedFile | undefined): Map<string, Definition | undefined> {
  const classes = new Map<string, Definition | undefined>();
  for (const { kind, startLine, container } of file?.outline ?? []) {
    const around = file!.outline[container];
    if (!around || (kind !== "function" && kind !== "method")) continue;
    const line = file!.lines[startLine]!.trim();
    classes.set(line, !classes.has(line) || classes.get(line) === around ? around : undefined);
  }
  return classes;
}

/** Names in the signatures of a field, variable or function, that something is defined as. */
function typesDeclaredFor(
  name: string,
  corpus: Corpus,
  livePath: string,
  accept: (path: string) => boolean,
  isMeant: (definition: Definition) => boolean = () => true,
): string[] {
  const isKnown = corpus.definitionCount(name) <= MOST_SORTED_OUT;
  const elsewhere = isKnown ? corpus.pathsDefining(name, accept) : [];
  const paths = [livePath, ...(elsewhere.length <= MOST_DECLARING_FILES ? elsewhere : [])];
  const signatures = paths.flatMap((path) => {
    const outline = corpus.file(path)?.outline ?? [];
    return outline.filter((one) => one.name === name && isMeant(one)).map((one) => one.signature);
  });
  const names = signatures.join(" ").match(/[\p{L}_][\p{L}\p{N}_]{2,}/gu) ?? [];
  return [...new Set(names)].filter((type) => type !== name && corpus.definitionCount(type) > 0).slice(0, MOST_TYPES);
}

function pascalCase(name: string): string {
  const words = name
    .replace(/^[_$]+/, "")
    .split("_")
    .filter((word) => word !== "");
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}

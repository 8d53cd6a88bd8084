// What the outline of a broken text lacks: while somebody types, a bracket stays open, and the grammar may lose all that is around it.

import { wordAtEnd } from "../../text/lines";
import { type Definition, hasMembers } from "./outline";
import type { ParsedFile } from "./packedFiles";
import { uniqueLines } from "./uniqueLines";

type OutlinedText = Pick<ParsedFile, "lines" | "outline">;

/** What the broken text has, and what the text before had in lines that are still there. */
export function withLostDefinitions({ lines, outline }: OutlinedText, before: OutlinedText): Definition[] {
  const found: Placed[] = [];
  for (const definition of outline) found.push({ definition, around: found[definition.container] });
  const kept = keptDefinitions(found, before, lines);
  const containers = kept.filter(({ definition }) => isContainer(definition));
  for (const one of found) {
    const around = containers.findLast(({ definition }) => isAround(definition, one.definition));
    if (around && !(one.around && isAround(around.definition, one.around.definition))) one.around = around;
  }
  const all = [...new Set([...found, ...kept])].sort(({ definition: a }, { definition: b }) => {
    return a.startLine - b.startLine || b.endLine - a.endLine;
  });
  const indices = new Map(all.map((one, index) => [one, index]));
  return all.map(({ definition, around }, index) => {
    const container = around ? indices.get(around)! : -1;
    // What was moved out of its container may stand above it now.
    return { ...definition, container: container < index ? container : -1 };
  });
}

/** A definition whose container is not a number yet: its place among the others may change. */
interface Placed {
  definition: Definition;
  around: Placed | undefined;
}

/**
 * Those that are lost now, and those that an error has cut short or made something else: the latter are among the found ones, too.
 */
function keptDefinitions(found: readonly Placed[], before: OutlinedText, lines: readonly string[]): Placed[] {
  const now = linesAfter(before.lines, lines);
  const byPlace = new Map(found.map((one) => [placeOf(one.definition), one]));
  const kept: Placed[] = [];
  /** For each definition before: what it is now; where it is gone, what was around it. */
  const heirs: (Placed | undefined)[] = [];
  for (const definition of before.outline) {
    const around = heirs[definition.container];
    const moved = movedTo(now, definition);
    if (moved === undefined || hasLostItsName(definition, before.lines, moved, lines, now)) {
      heirs.push(around);
      continue;
    }
    const same = byPlace.get(placeOf(moved));
    const isKept = same === undefined || isDamaged(same.definition, moved);
    const one = isKept ? Object.assign(same ?? {}, { definition: moved, around }) : same;
    if (isKept) kept.push(one);
    heirs.push(one);
  }
  return kept;
}

function isDamaged(found: Definition, before: Definition): boolean {
  return found.kind !== before.kind || found.endLine < before.endLine;
}

function placeOf({ name, startLine }: Definition): string {
  return `${startLine} ${name}`;
}

/** Undefined where its first line is gone. */
function movedTo(now: LinesAfter, definition: Definition): Definition | undefined {
  const startLine = now[definition.startLine];
  if (startLine === undefined) return undefined;
  const endLine = Math.max(startLine + 1, endAfter(now, definition.endLine));
  const signatureEndLine = Math.min(endLine, startLine + definition.signatureEndLine - definition.startLine);
  return { ...definition, startLine, endLine, signatureEndLine };
}

/** The first line may be an annotation, which is still there when the name below it is another one. */
function hasLostItsName(
  before: Definition,
  linesBefore: readonly string[],
  moved: Definition,
  lines: readonly string[],
  now: LinesAfter,
): boolean {
  const namesIt = (line: string) => hasWord(line, before.name);
  const wasNamed = linesBefore
    .slice(before.startLine, before.signatureEndLine)
    .some((line, index) => now[before.startLine + index] === undefined && namesIt(line));
  // C has the name below the body: `typedef struct {…} name_t;`
  if (!wasNamed) return false;
  const signatureEndLine = Math.max(moved.signatureEndLine, endAfter(now, before.signatureEndLine));
  return !lines.slice(moved.startLine, signatureEndLine).some(namesIt);
}

/** Not as a part of a longer one. */
function hasWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at !== -1; at = line.indexOf(word, at + 1)) {
    if (wordAtEnd(line.slice(0, at)) === "" && !/^[\p{L}\p{N}_$]/u.test(line.slice(at + word.length))) return true;
  }
  return false;
}

/** By the last line, or else by what comes next below it. */
function endAfter(now: LinesAfter, endLine: number): number {
  let next = endLine - 1;
  while (now[next] === undefined) next++;
  return now[next]! - next + endLine;
}

function isContainer(definition: Definition): boolean {
  return hasMembers(definition) || definition.kind === "module";
}

function isAround(outer: Definition, inner: Definition): boolean {
  return outer.startLine < inner.startLine && inner.endLine <= outer.endLine;
}

/** For each line of a text, and for its end: where it is in the next one. */
type LinesAfter = readonly (number | undefined)[];

/** Beside what both begin and end with, a line is found where each of them has it once. */
function linesAfter(before: readonly string[], after: readonly string[]): LinesAfter {
  const most = Math.min(before.length, after.length);
  let above = 0;
  while (above < most && before[above] === after[above]) above++;
  let below = 0;
  while (below < most - above && before.at(-1 - below) === after.at(-1 - below)) below++;
  const grown = after.length - before.length;
  const changed = uniqueLines(before, above, before.length - below);
  const places = uniqueLines(after, above, after.length - below);
  return Array.from({ length: before.length + 1 }, (_, line) => {
    if (line < above) return line;
    if (line >= before.length - below) return line + grown;
    const text = before[line]!;
    return changed.get(text) === line ? places.get(text) : undefined;
  });
}

// The places of the repository that a question is about: the definitions that it names, the files that it names, and
// the chunks that speak of the same things. Knows no tokens; a caller cuts the list to what its prompt can hold.

import { isBlank } from "../../text/lines";
import { withComments } from "./chunks";
import type { Corpus } from "./corpus";
import type { Definition, Kind } from "./outline";
import type { ParsedFile } from "./packedFiles";
import { parseQuestion, type Question } from "./question";
import { bestPart, coverage } from "./relevance";
import type { LineRange } from "./snippet";
import { forEachTerm } from "./terms";

export type PassageReason = "definition" | "named file" | "similar";

/** Whole lines of a file. */
export interface Passage extends LineRange {
  readonly path: string;
  readonly text: string;
  /** Comparable within one answer only; most relevant first. */
  readonly score: number;
  readonly reason: PassageReason;
}

export interface PassageRequest {
  readonly question: string;
  /** Questions that were asked before in the same conversation: they count less. */
  readonly earlier?: string;
  readonly limit: number;
}

/** Of one passage. */
const MOST_LINES = 40;
const MOST_COMMENT_LINES = 12;
const MOST_CHARACTERS = 1_600;
const MOST_CHUNKS = 16;
/** A name that more files define says nothing about which is meant. */
const MOST_DEFINING_FILES = 8;
/** The best chunk against a definition that is surely meant. */
const CHUNK_WEIGHT = 0.6;
const NAMED_FILE = 1.2;
/** A definition whose name is made of the question's words. */
const SPELLED_OUT = 0.95;
/** So much worse than the best is noise. */
const WORST = 0.2;
/** Tests speak of everything, and explain little. */
const TEST_WEIGHT = 0.75;
const TEST_PATH = /(^|[/._-])(tests?|specs?|__tests__|fixtures?|mocks?)([/._-]|$)/i;
/** What a name may be besides what is asked for. */
const KIND_WEIGHT: Partial<Record<Kind, number>> = { method: 0.9, field: 0.6, variable: 0.8, module: 0.5 };

/** The best first. The same question has the same answer. */
export function findPassages(corpus: Corpus, request: PassageRequest): Passage[] {
  const question = parseQuestion(request.question, request.earlier);
  const isAboutTests = /\b(test|spec)/i.test(request.question);
  const weightOf = (path: string) => (!isAboutTests && TEST_PATH.test(path) ? TEST_WEIGHT : 1);
  const candidates = [
    ...namedFiles(corpus, question),
    ...definitions(corpus, question),
    ...chunks(corpus, question),
  ].map((one) => ({ ...one, score: one.score * weightOf(one.path) }));
  candidates.sort(
    (a, b) => b.score - a.score || (a.path === b.path ? a.startLine - b.startLine : a.path < b.path ? -1 : 1),
  );
  return distinct(candidates, request.limit);
}

function definitions(corpus: Corpus, question: Question): Passage[] {
  return [...question.names].flatMap(([name, weight]) => {
    if (corpus.definitionCount(name) === 0) return [];
    const paths = corpus.pathsDefining(name);
    if (paths.length > MOST_DEFINING_FILES) return [];
    return paths.flatMap((path) => {
      const file = corpus.file(path)!;
      const found = file.outline.filter((one) => one.name === name);
      return found.map((one) => definition(corpus, question, path, one, weight / Math.sqrt(paths.length)));
    });
  });
}

/** @param weight how surely it is meant, 0 to 1 */
function definition(corpus: Corpus, question: Question, path: string, one: Definition, weight: number): Passage {
  const file = corpus.file(path)!;
  const said = coverage(file.lines.slice(one.startLine, one.endLine), question, corpus) / totalOf(question, corpus);
  const rare = 0.5 + 0.5 * corpus.rarityOfName(one.name);
  const score = weight * rare * (KIND_WEIGHT[one.kind] ?? 1) * (0.6 + 0.4 * said);
  return passage(path, file, wholeDefinition(file, one), score, "definition");
}

function namedFiles(corpus: Corpus, question: Question): Passage[] {
  return question.paths.flatMap((ending) => {
    const paths = corpus.paths.endingWith(ending, "");
    return paths.slice(0, MOST_DEFINING_FILES).map((path) => {
      const file = corpus.file(path)!;
      const all = { startLine: 0, endLine: file.lines.length };
      const part = bestPart(all, file.lines, MOST_CHARACTERS, question, corpus) ?? all;
      return passage(path, file, part, NAMED_FILE / Math.sqrt(paths.length), "named file");
    });
  });
}

function chunks(corpus: Corpus, question: Question): Passage[] {
  const found = corpus.search(question.terms, MOST_CHUNKS);
  const most = Math.max(...found.map(({ score }) => score), 1e-9);
  const total = totalOf(question, corpus);
  return found.flatMap(({ path, startLine, endLine, score }): Passage[] => {
    const file = corpus.file(path)!;
    // A path says what its file is about: `src/retry.ts`.
    const said = coverage([path, ...file.lines.slice(startLine, endLine)], question, corpus) / total;
    const part = bestPart({ startLine, endLine }, file.lines, MOST_CHARACTERS, question, corpus) ?? {
      startLine,
      endLine,
    };
    const relevance = CHUNK_WEIGHT * said * (0.5 + (0.5 * score) / most);
    const meant = file.outline.filter((one) => startLine <= one.startLine && one.startLine < endLine);
    return [
      passage(path, file, part, relevance, "similar"),
      ...meant
        .filter(({ name }) => isSpelledOut(name, question))
        .map((one) => definition(corpus, question, path, one, SPELLED_OUT)),
    ];
  });
}

/** Whether the question has all words of the name, in whatever order: "how are spans merged" for mergeSpans. */
function isSpelledOut(name: string, { terms }: Question): boolean {
  let words = 0;
  let said = 0;
  forEachTerm(name, (term, isWhole) => {
    if (isWhole) return;
    words++;
    if (terms.has(term)) said++;
  });
  return words >= 2 && said === words;
}

/** With the comments above it, unless they are so long that they would leave no room for itself. */
function wholeDefinition(file: ParsedFile, { startLine, endLine }: Definition): LineRange {
  return { startLine: Math.max(withComments(file.lines, startLine), startLine - MOST_COMMENT_LINES), endLine };
}

function passage(path: string, file: ParsedFile, range: LineRange, score: number, reason: PassageReason): Passage {
  let { startLine, endLine } = range;
  endLine = Math.min(endLine, startLine + MOST_LINES, file.lines.length);
  while (endLine > startLine + 1 && charactersOf(file, startLine, endLine) > MOST_CHARACTERS) endLine--;
  const { lines } = file;
  while (startLine < endLine - 1 && isBlank(lines[startLine]!)) startLine++;
  while (endLine > startLine + 1 && isBlank(lines[endLine - 1]!)) endLine--;
  // One line may be longer than all that a passage may be.
  const text = lines.slice(startLine, endLine).join("\n").slice(0, MOST_CHARACTERS);
  return { path, startLine, endLine, text, score, reason };
}

function charactersOf({ lines }: ParsedFile, from: number, to: number): number {
  let sum = 0;
  for (let line = from; line < to; line++) sum += lines[line]!.length + 1;
  return sum;
}

/** What a text would cover that says all that the question does, and no less than a little. */
function totalOf({ terms }: Question, corpus: Corpus): number {
  let sum = 1e-9;
  for (const [term, weight] of terms) if (corpus.knows(term)) sum += weight * corpus.rarity(term);
  return sum;
}

/** Without those that say again what a better one says, and without noise. */
function distinct(candidates: readonly Passage[], limit: number): Passage[] {
  const chosen: Passage[] = [];
  const worst = WORST * (candidates[0]?.score ?? 0);
  for (const one of candidates) {
    if (chosen.length >= limit || one.score < worst || one.score <= 0) break;
    if (one.text.trim() === "" || chosen.some((other) => isSame(one, other))) continue;
    chosen.push(one);
  }
  return chosen;
}

function isSame(one: Passage, other: Passage): boolean {
  if (one.text === other.text) return true;
  return one.path === other.path && one.startLine < other.endLine && other.startLine < one.endLine;
}

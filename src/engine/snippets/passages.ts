// The places of the repository that a question is about: the definitions that it names, the files that it names, the chunks
// that speak of the same things, and the definitions in those. Knows no tokens; a caller cuts the list to what its prompt can hold.

import { isBlank } from "../../text/lines";
import { withComments } from "./chunks";
import type { Corpus } from "./corpus";
import { withImports } from "./importLines";
import { bestFirst, type FileRange, type LineRange, overlap } from "./lineRange";
import type { Definition, Kind } from "./outline";
import { overviewOf } from "./overview";
import { parseQuestion, type Question } from "./question";
import { QuestionScore } from "./questionScore";
import { bestPart } from "./relevance";

/** Whole lines of a file. */
export interface Passage extends FileRange {
  readonly text: string;
  /** Comparable within one answer only; most relevant first. */
  readonly score: number;
  readonly reason: "definition" | "named file" | "similar";
}

export interface PassageRequest {
  readonly question: string;
  /** Questions that were asked before in the same conversation: they count where this one refers back to them. */
  readonly earlier?: string;
  /** "Explain this" means what the user has attached, and not the repository. */
  readonly isAboutAttached?: boolean;
  readonly limit: number;
}

/** Of one passage. */
const MOST_LINES = 40;
const MOST_COMMENT_LINES = 12;
const MOST_CHARACTERS = 1_600;
const MOST_CHUNKS = 32;
/** A name that more files define says nothing about which is meant. */
const MOST_DEFINING_FILES = 8;
/** A chunk begins and ends where it happens to, and often has more in it. */
const CHUNK_WEIGHT = 0.9;
const NAMED_FILE = 1.2;
/** So much worse than the best is noise, also where little is enough. */
const WORST = 0.2;
/** What says so little of a question is no answer, though it be the best: hardly any golden question has an answer as low. */
const LOWEST = 0.22;
/** Of more, as of a log that is pasted below a question, the best place says a small share, too. */
const MOST_CONCEPTS = 12;
/** Among fewer, no word is rare, and the nearest one is worth a look. */
const FEWEST_FILES = 10;
/** Tests speak of everything, and explain little. */
const TEST_WEIGHT = 0.75;
const TEST_PATH = /(^|[/._-])(tests?|specs?|__tests__|fixtures?|mocks?)([/._-]|$)/i;
/** What a name may be besides what is asked for. */
const KIND_WEIGHT: Partial<Record<Kind, number>> = { field: 0.9, variable: 0.9 };

/** The best first. The same question has the same answer. */
export function findPassages(corpus: Corpus, request: PassageRequest): Passage[] {
  const question = parseQuestion(request.question, request.earlier, (term) => corpus.chunks.has(term));
  const asksForNothing = question.concepts.length === 0 && !request.isAboutAttached;
  const overview = question.isAboutAll || asksForNothing ? overviewPassages(corpus) : [];
  if (overview.length > 0) return overview.slice(0, request.limit);
  const isAboutTests = /\b(test|spec)/i.test(request.question);
  const weightOf = (path: string) => (!isAboutTests && TEST_PATH.test(path) ? TEST_WEIGHT : 1);
  const search = { corpus, question, score: new QuestionScore(question, corpus) };
  const candidates = [...namedFiles(search), ...namedDefinitions(search), ...similar(search)]
    .map((one) => ({ ...one, score: one.score * weightOf(one.path) }))
    .sort(bestFirst);
  const lowest = Math.max(WORST * (candidates[0]?.score ?? 0), lowestScore(search));
  return distinct(
    candidates.filter(({ score }) => score > 0 && score >= lowest),
    request.limit,
  );
}

function overviewPassages(corpus: Corpus): Passage[] {
  return overviewOf(corpus).map(({ path, ...range }, index) => {
    return { path, ...cut(range, corpus.file(path)!.lines), score: 1 / (1 + index), reason: "similar" };
  });
}

interface Search {
  readonly corpus: Corpus;
  readonly question: Question;
  readonly score: QuestionScore;
}

function lowestScore({ corpus, question }: Search): number {
  return corpus.fileCount < FEWEST_FILES || question.concepts.length > MOST_CONCEPTS ? 0 : LOWEST;
}

function namedDefinitions(search: Search): Passage[] {
  const { corpus, question } = search;
  return [...question.names].flatMap((name) => {
    const paths = corpus.pathsDefining(name);
    if (paths.length > MOST_DEFINING_FILES) return [];
    const found = paths.flatMap((path) => {
      const named = corpus.file(path)!.outline.filter((one) => one.name === name);
      return named.map((one) => definition(search, path, one));
    });
    return found.map((one) => ({ ...one, score: one.score * (1 + 1 / Math.sqrt(paths.length)) }));
  });
}

function definition({ corpus, score }: Search, path: string, one: Definition): Passage {
  const { lines } = corpus.file(path)!;
  const found = cut(withCommentsAbove(one, lines), lines);
  const said = score.of({
    path,
    lines: lines.slice(found.startLine, found.endLine),
    name: one.name,
  });
  return { path, ...found, score: said * (KIND_WEIGHT[one.kind] ?? 1), reason: "definition" };
}

/** Of a file that is named, the chunk that says most. */
function namedFiles(search: Search): Passage[] {
  const { corpus, question } = search;
  return question.paths.flatMap((ending) => {
    const paths = corpus.paths.endingWith(ending, "");
    return paths.slice(0, MOST_DEFINING_FILES).flatMap((path): Passage[] => {
      const found = corpus.file(path)!.chunks.map((chunk) => chunkPassage(search, path, chunk));
      const [best] = found.sort((a, b) => b.score - a.score);
      return best ? [{ ...best, score: NAMED_FILE / Math.sqrt(paths.length), reason: "named file" }] : [];
    });
  });
}

/** The chunks that say most of the question, and the definitions that begin in them. */
function similar(search: Search): Passage[] {
  const { corpus, question } = search;
  return corpus.chunks.searchForms(question.concepts, MOST_CHUNKS).flatMap((chunk): Passage[] => {
    const { path, startLine, endLine } = chunk;
    const begun = corpus.file(path)!.outline.filter((one) => startLine <= one.startLine && one.startLine < endLine);
    return [chunkPassage(search, path, chunk), ...begun.map((one) => definition(search, path, one))];
  });
}

function chunkPassage({ corpus, question, score }: Search, path: string, chunk: LineRange): Passage {
  const { lines } = corpus.file(path)!;
  const found = cut(bestPart(chunk, lines, MOST_CHARACTERS, question, corpus) ?? chunk, lines);
  const marked = withImports(lines.slice(found.startLine, found.endLine));
  const telling = marked.filter(({ isImport }) => !isImport).map(({ line }) => line);
  return { path, ...found, score: CHUNK_WEIGHT * score.of({ path, lines: telling }), reason: "similar" };
}

/** Unless they are so long that they would leave no room for the definition itself. */
function withCommentsAbove({ startLine, endLine }: Definition, lines: readonly string[]): LineRange {
  return { startLine: Math.max(withComments(lines, startLine), startLine - MOST_COMMENT_LINES), endLine };
}

/** As much of a range as one passage may have, without blank lines around it. */
function cut(range: LineRange, lines: readonly string[]): LineRange & { readonly text: string } {
  let { startLine, endLine } = range;
  endLine = Math.min(endLine, startLine + MOST_LINES, lines.length);
  // Each line has a break, too.
  let characters = lines.slice(startLine, endLine).reduce((sum, line) => sum + line.length + 1, 0);
  while (endLine > startLine + 1 && characters > MOST_CHARACTERS) characters -= lines[--endLine]!.length + 1;
  while (startLine < endLine - 1 && isBlank(lines[startLine]!)) startLine++;
  while (endLine > startLine + 1 && isBlank(lines[endLine - 1]!)) endLine--;
  // One line may be longer than all that a passage may be.
  const text = lines.slice(startLine, endLine).join("\n").slice(0, MOST_CHARACTERS);
  return { startLine, endLine, text };
}

/** Without those that say again what a better one says. */
function distinct(candidates: readonly Passage[], limit: number): Passage[] {
  const chosen: Passage[] = [];
  for (const one of candidates) {
    if (chosen.length >= limit) break;
    if (!isBlank(one.text) && !chosen.some((other) => isSame(one, other))) chosen.push(one);
  }
  return chosen;
}

function isSame(one: Passage, other: Passage): boolean {
  return one.text === other.text || (one.path === other.path && overlap(one, other));
}

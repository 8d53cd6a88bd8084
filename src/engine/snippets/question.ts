// What a question in plain words asks for: terms to search, names that definitions may have, files that it names.
// Knows English and the habits of programmers; knows no files.

import { wordSet } from "../../text/words";
import { forEachTerm } from "./terms";

export interface Question {
  /** Term → weight, for BM25. */
  readonly terms: ReadonlyMap<number, number>;
  /** Name that a definition may have → how surely it is meant, 0 to 1. */
  readonly names: ReadonlyMap<string, number>;
  /** Ends of paths, as they stand in the question. */
  readonly paths: readonly string[];
}

/** Written as only a name is: camelCase, snake_case, in backticks, before a bracket. */
const SURE = 1;
/** Words that make a name when they are joined: "retry limit" for retryLimit. */
const JOINED = 0.95;
/** A word that may be a name. */
const WORD = 0.85;
/** "retries" for retry, against the word itself. */
const STEM_WEIGHT = 0.7;
/** A part of a longer name, against the name. */
const PART_WEIGHT = 0.5;
/** A question that was asked before, against this one. */
const EARLIER_WEIGHT = 0.3;
const LONGEST_JOINED = 3;
const SHORTEST_WORD = 3;
/** What somebody pastes below a question may be of any length. */
const LONGEST_QUESTION = 10_000;

/** @param earlier questions of the same conversation, which count less: "And where is it called?" */
export function parseQuestion(question: string, earlier = ""): Question {
  const terms = new Map<number, number>();
  const names = new Map<string, number>();
  const asked = question.slice(0, LONGEST_QUESTION);
  for (const [text, weight] of [
    [asked, 1],
    [earlier.slice(0, LONGEST_QUESTION), EARLIER_WEIGHT],
  ] as const) {
    addTerms(text, weight, terms);
    addNames(text, weight, names);
  }
  return { terms, names, paths: pathsIn(asked) };
}

function addTerms(text: string, weight: number, terms: Map<number, number>): void {
  const raise = (term: number, own: number) => terms.set(term, Math.max(terms.get(term) ?? 0, own));
  for (const [word] of text.matchAll(WORDS)) {
    if (isEmptyWord(word)) continue;
    forEachTerm(word, (term, isWhole) => raise(term, isWhole ? weight : weight * PART_WEIGHT));
    for (const stem of stemsOf(word)) {
      forEachTerm(stem, (term, isWhole) => isWhole && raise(term, weight * STEM_WEIGHT));
    }
  }
}

function addNames(text: string, weight: number, names: Map<string, number>): void {
  const raise = (name: string, own: number) => names.set(name, Math.max(names.get(name) ?? 0, own * weight));
  for (const [name] of text.matchAll(NAME_LIKE)) raise(name.replace(/[`(]/g, ""), SURE);
  // What stands between two empty words belongs together.
  let run: string[] = [];
  const joinRun = () => {
    for (let length = 2; length <= LONGEST_JOINED; length++) {
      for (let at = 0; at + length <= run.length; at++) {
        for (const name of spellings(run.slice(at, at + length))) raise(name, JOINED);
      }
    }
    run = [];
  };
  for (const [word] of text.matchAll(WORDS)) {
    if (isEmptyWord(word) || word.length < SHORTEST_WORD) {
      joinRun();
      continue;
    }
    for (const form of [word, ...stemsOf(word)]) for (const name of spellings([form])) raise(name, WORD);
    raise(word, WORD);
    run.push(word);
  }
  joinRun();
}

/** retryLimit, RetryLimit, retry_limit, RETRY_LIMIT. */
function spellings(words: readonly string[]): string[] {
  const lower = words.map((word) => word.toLowerCase());
  const pascal = lower.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  const snake = lower.join("_");
  return [pascal[0]!.toLowerCase() + pascal.slice(1), pascal, snake, snake.toUpperCase()];
}

/** Forms without English endings. A wrong one finds nothing. */
function stemsOf(word: string): string[] {
  const lower = word.toLowerCase();
  const stem = (ending: RegExp, ...others: string[]): string[] => {
    const bare = lower.replace(ending, "");
    return bare !== lower && bare.length >= SHORTEST_WORD ? others.map((other) => bare + other) : [];
  };
  return [
    ...stem(/ies$/, "y"),
    ...stem(/(?<!s)s$/, ""),
    ...stem(/(?<=x|ch|sh|ss)es$/, ""),
    ...stem(/ed$/, "", "e"),
    ...stem(/ing$/, "", "e"),
    ...stem(/([b-df-hj-np-tv-z])\1(ed|ing)$/, lower.replace(/(ed|ing)$/, "").slice(-1)),
  ];
}

function pathsIn(text: string): string[] {
  const paths = [...text.matchAll(PATHS)].map(([path]) => path.replace(/^\.?\//, ""));
  return [...new Set(paths)];
}

function isEmptyWord(word: string): boolean {
  return EMPTY_WORDS.has(word.toLowerCase());
}

const WORDS = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
// Both of these begin where a word does: looked for from each letter of it, a long word takes the square of its length.
const NAME_LIKE =
  /`[\p{L}_$][\p{L}\p{N}_$]*`|(?<![\p{L}\p{N}_$])(?:[\p{L}_$][\p{L}\p{N}_$]*\(|[\p{L}_$][\p{L}\p{N}$]*(?:\p{Ll}\p{Lu}|_)[\p{L}\p{N}_$]*)/gu;
/** A name with an extension that begins with a letter: `src/shapes.ts`, not `3.14` nor the end of a sentence. */
const PATHS = /(?<![\p{L}\p{N}_@.\-/])[\p{L}\p{N}_@.\-/]*[\p{L}\p{N}_-]\.[A-Za-z][A-Za-z0-9+]{0,7}(?![\p{L}\p{N}_])/gu;

/** Words that ask and say nothing of what is asked for. */
const EMPTY_WORDS = wordSet(`
  a about above after again all also an and any are as at be because been before being below between both but by can
  cannot code could did do does doing down during each else explain file files find for from further get gets give had
  has have having he help her here him his how however i if in into is it its itself just know let like line lines
  list look make me mean means might more most much must my need no nor not now of off on once one only or other our
  out over own please question repo repository same say see she should show so some something such tell than that the
  their them then there these they thing things this those through to too under until up use used uses using very want
  was way we were what when where which while who whom why will with work works would write you your
`);

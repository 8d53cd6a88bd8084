// What a question in plain words asks for: concepts to search, names that it names, files that it names.
// Knows English and the habits of programmers; knows no files.

import { wordSet } from "../../text/words";
import type { WantedTerms } from "./relevance";
import { synonymsOf } from "./synonyms";
import { forEachTerm } from "./terms";
import { formsOf, stemOf } from "./wordForms";

/** One thing that is asked for: "retries", in whatever form, or by what else it is called. */
export interface Concept {
  readonly forms: ReadonlySet<number>;
  readonly weight: number;
  /** Only a question that was asked before asks for it: what is named like it is not meant. */
  readonly isEarlier: boolean;
}

export interface Question extends WantedTerms {
  readonly concepts: readonly Concept[];
  /** Written as only names are: camelCase, snake_case, in backticks, before a bracket. */
  readonly names: ReadonlySet<string>;
  /** Ends of paths, as they stand in the question. */
  readonly paths: readonly string[];
  /** "What does this project do?" */
  readonly isAboutAll: boolean;
}

/** A question that was asked before, against this one. */
const EARLIER_WEIGHT = 0.3;
/** A question that asks for more concepts of its own needs none of an earlier one. */
const FEW_CONCEPTS = 3;
const SHORTEST_PART = 3;
/** What somebody pastes below a question may be of any length. */
const LONGEST_QUESTION = 10_000;

/**
 * @param earlier questions of the same conversation, for one that refers back to them: "And where is it called?"
 * @param isSaid  whether there is any place with the term: a word that nothing says is asked for by its synonyms
 */
export function parseQuestion(question: string, earlier = "", isSaid = (_term: number) => true): Question {
  const written = question.slice(0, LONGEST_QUESTION);
  const asked = withBlanksAroundNames(written);
  const before = withBlanksAroundNames(earlier.slice(0, LONGEST_QUESTION));
  const byStem = conceptsOf(asked, isSaid);
  const isAboutAll = asksForAll(asked);
  if (byStem.size === 0 && !isAboutAll && before !== "") return parseQuestion(earlier, "", isSaid);
  if (!isAboutAll && refersBack(asked, byStem.size)) {
    for (const [stem, concept] of conceptsOf(before, isSaid)) {
      if (byStem.has(stem)) continue;
      byStem.set(stem, { ...concept, weight: EARLIER_WEIGHT * concept.weight, isEarlier: true });
    }
  }
  const concepts = [...byStem.values()];
  // A file's name, unlike most of the code's, may well be in two scripts.
  const paths = [...new Set([...pathsIn(written), ...pathsIn(asked)])];
  return { concepts, terms: termsOf(concepts), names: namesIn(asked), paths, isAboutAll };
}

/** Who writes without blanks writes none around a name of the code either, "retryLimit在哪里?"; what is in backticks is one name. */
function withBlanksAroundNames(text: string): string {
  return text.replace(NAME_EDGES, (found) => found || " ");
}

/** By what all forms of a word have in common. */
function conceptsOf(text: string, isSaid = (_term: number) => true): Map<string, Concept> {
  const concepts = new Map<string, Concept & { readonly forms: Set<number> }>();
  const add = (word: string) => {
    const stem = stemOf(word);
    const concept = concepts.get(stem) ?? { forms: new Set<number>(), weight: 1, isEarlier: false };
    concepts.set(stem, concept);
    addForms(word, concept.forms);
  };
  const names = namesIn(text);
  for (const word of wordsOf(text)) {
    if (isEmptyWord(word) && !names.has(word)) continue;
    // Whoever remembers half of a name finds it by that half.
    add(word);
    for (const part of partsOf(word)) if (!isEmptyWord(part)) add(part);
  }
  for (const [stem, { forms }] of concepts) {
    if ([...forms].some(isSaid)) continue;
    for (const synonym of synonymsOf(stem)) addForms(synonym, forms);
  }
  return concepts;
}

function addForms(word: string, forms: Set<number>): void {
  for (const form of formsOf(word)) forEachTerm(form, (term, isWhole) => isWhole && forms.add(term));
}

/** A pronoun stands for what was said before it: in "How does the session sign its cookie?", for the session. */
function refersBack(asked: string, conceptCount: number): boolean {
  if (conceptCount > FEW_CONCEPTS) return false;
  if (GOES_ON.test(asked)) return true;
  const pronoun = PRONOUN.exec(asked);
  return pronoun !== null && conceptsOf(asked.slice(0, pronoun.index)).size <= 1;
}

/** Of words that say something, there are only such as mean the whole. Names, which may be written like them, have capitals or backticks. */
function asksForAll(asked: string): boolean {
  const [first = "", ...others] = wordsOf(asked);
  const telling = [first.toLowerCase(), ...others].filter((word) => !isEmptyWord(word) || WORDS_FOR_ALL.has(word));
  return telling.length > 0 && !asked.includes("`") && telling.every((word) => WORDS_FOR_ALL.has(word));
}

/** Of "what's" only "what", and "doesn't" as a word of its own, "doesnt": the ends alone would be asked for, and nothing says them. */
function wordsOf(text: string): string[] {
  const whole = text.replace(CONTRACTED_NOT, "").replace(CONTRACTED, "");
  return [...whole.matchAll(WORDS)].map(([word]) => word);
}

/** The words that a name is made of; none for a single word. */
function partsOf(name: string): string[] {
  const parts = name.split(/_+|\$+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((part) => part.length >= SHORTEST_PART);
  return parts.length === 1 && parts[0] === name ? [] : parts;
}

function termsOf(concepts: readonly Concept[]): Map<number, number> {
  const terms = new Map<number, number>();
  for (const { forms, weight } of concepts) {
    for (const term of forms) terms.set(term, Math.max(terms.get(term) ?? 0, weight));
  }
  return terms;
}

function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(NAME_LIKE)].map(([name]) => name.replace(/[`(]/g, "")));
}

function pathsIn(text: string): string[] {
  return [...text.matchAll(PATHS)].map(([path]) => path.replace(/^\.?\//, ""));
}

function isEmptyWord(word: string): boolean {
  return EMPTY_WORDS.has(word.toLowerCase());
}

const UNSPACED = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]`;
const NAME_EDGES = new RegExp(`\`[^\`]*\`|(?<=${UNSPACED})(?=[A-Za-z_$])|(?<=[A-Za-z0-9_$])(?=${UNSPACED})`, "gu");
const WORDS = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const CONTRACTED_NOT = /(?<=\p{L}n)['’](?=t(?![\p{L}\p{N}_$]))/giu;
const CONTRACTED = /(?<=\p{L})['’](?:d|ll|m|re|s|ve)(?![\p{L}\p{N}_$])/giu;
// Both of these begin where a word does: looked for from each letter of it, a long word takes the square of its length.
const NAME_LIKE =
  /`[\p{L}_$][\p{L}\p{N}_$]*`|(?<![\p{L}\p{N}_$])(?:[\p{L}_$][\p{L}\p{N}_$]*\(|[\p{L}_$][\p{L}\p{N}$]*(?:\p{Ll}\p{Lu}|_)[\p{L}\p{N}_$]*)/gu;
/** A name with an extension that begins with a letter: `src/shapes.ts`, not `3.14` nor the end of a sentence. */
const PATHS = /(?<![\p{L}\p{N}_@.\-/])[\p{L}\p{N}_@.\-/]*[\p{L}\p{N}_-]\.[A-Za-z][A-Za-z0-9+]{0,7}(?![\p{L}\p{N}_])/gu;

const GOES_ON = /^\W*(?:and|but|or|so|then|also|(?:what|how) about)\b/i;
/** "Is there a limit?" says nothing of a place. */
const PRONOUN = /\b(?:its?|they|them|theirs?|this|that|these|those|(?<!\b(?:is|are)\s+)there(?!\s+(?:is|are)\b))\b/i;

/** Words that ask and say nothing of what is asked for, unless they are written as a name is. */
const EMPTY_WORDS = wordSet(`
  a able about above actually after again all already also always an and any anybody anyone anything are arent
  around as at away be because been before being below between both but by can cannot cant certain code comes could
  couldnt decide decides did didnt do does doesnt doing dont down during each else enough ever every everybody
  everyone everything everywhere example explain far file files find for from further get gets give goes going had
  hadnt happen happened happens has hasnt have havent having he help her here him his how however i if in inside
  instead into is isnt it its itself just know let like line lines list look make maybe me mean means might more
  most much must my need no nobody nor not nothing now of off often on once one only or other our out over own
  perhaps please possible possibly question quite rather really repo repository said same say says see seems several
  she should shouldnt show so some somebody somehow someone something sometimes somewhere soon still stuff such sure
  tell than that the their them then there these they thing things this those through to together too under unless
  until up upon use used uses using usually various very want wants was wasnt way we were werent what whatever when
  whenever where wherever whether which while who whom why will with within without wont work works would wouldnt
  write yet you your
`);

const WORDS_FOR_ALL = wordSet(`
  app application architecture codebase describe description introduce introduction library organised organized overview
  package program project purpose repo repository software structure structured summarise summarize summary tool
`);

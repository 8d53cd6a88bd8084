// How well a place answers a question: BM25 over its fields, which are its text, what stands at its head, its name and its path.
// Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (2004).

import type { Corpus } from "./corpus";
import { folderOf, nameOf } from "./pathIndex";
import type { Concept, Question } from "./question";
import { forEachTerm } from "./terms";

/** A place as far as it can say what it is about. */
export interface AskedPlace {
  readonly path: string;
  readonly lines: readonly string[];
  /** Of a definition. */
  readonly name?: string;
  /** Its first lines, with comments and signature: they say what it is for. */
  readonly headLines?: readonly string[];
}

const NAME_WEIGHT = 2;
const HEAD_WEIGHT = 0.5;
const PATH_WEIGHT = 1;
/** Against the file's name. */
const FOLDER_WEIGHT = 0.5;
/** The larger, the more it counts that one concept is there often. */
const K = 2;
/** How much a long place has to say more than a short one. */
const B = 0.4;
/** In terms. */
const USUAL_LENGTH = 150;

export class QuestionScore {
  /** Term → the concepts that it says, by their index, and how surely. */
  readonly #sayings = new Map<number, { readonly concept: number; readonly sureness: number }[]>();
  /** Of each concept, what it is worth to be said. */
  readonly #worths: readonly number[];
  readonly #concepts: readonly Concept[];
  readonly #most: number;

  constructor({ concepts }: Question, corpus: Corpus) {
    this.#concepts = concepts;
    // The root, as whoever asks uses words that the code seldom has: a place that has one of them says little, though it is rare.
    this.#worths = concepts.map(({ forms, weight }) => weight * Math.sqrt(corpus.chunks.rarityOfAny(forms.keys())));
    this.#most = concepts.reduce((sum, { isEarlier }, at) => sum + (isEarlier ? 0 : this.#worths[at]!), 1e-9);
    for (const [concept, { forms }] of concepts.entries()) {
      for (const [term, sureness] of forms) {
        const sayings = this.#sayings.get(term);
        if (sayings) sayings.push({ concept, sureness });
        else this.#sayings.set(term, [{ concept, sureness }]);
      }
    }
  }

  /** From 0 to 1, which nothing reaches that says nothing of an earlier question. */
  of({ path, lines, name = "", headLines = [] }: AskedPlace): number {
    const text = this.#counted(lines);
    const head = this.#counted(headLines);
    const ofName = this.#counted([name]);
    const file = this.#counted([nameOf(path).replace(/(?<=.)\.[^.]*$/, "")]);
    const folder = this.#counted([folderOf(path)]);
    const norm = 1 - B + (B * text.length) / USUAL_LENGTH;
    const ofLongName = Math.sqrt(Math.max(1, ofName.words));
    const sum = this.#worths.reduce((sum, worth, concept) => {
      const inText = (text.counts[concept]! + HEAD_WEIGHT * head.counts[concept]!) / norm;
      const said = Math.max(Math.min(1, file.counts[concept]!), FOLDER_WEIGHT * Math.min(1, folder.counts[concept]!));
      const inNames = (NAME_WEIGHT * Math.min(1, ofName.counts[concept]!)) / ofLongName + PATH_WEIGHT * said;
      const often = this.#concepts[concept]!.isEarlier ? inText : inText + inNames;
      return sum + (worth * often) / (often + K);
    }, 0);
    return sum / this.#most;
  }

  /** How often each concept is said, and how long the text is. */
  #counted(lines: readonly string[]): { counts: Float64Array; length: number; words: number } {
    const counts = new Float64Array(this.#worths.length);
    let length = 0;
    let words = 0;
    for (const line of lines) {
      forEachTerm(line, (term, isWhole) => {
        length++;
        if (!isWhole) words++;
        for (const { concept, sureness } of this.#sayings.get(term) ?? []) counts[concept]! += sureness;
      });
    }
    return { counts, length, words };
  }
}

// How well a place answers a question: BM25 over its fields, which are its text, its name and its file's name.
// Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (2004).

import type { Corpus } from "./corpus";
import { nameOf } from "./pathIndex";
import type { Concept, Question } from "./question";
import { forEachTerm } from "./terms";

/** A place as far as it can say what it is about. */
export interface AskedPlace {
  readonly path: string;
  readonly lines: readonly string[];
  /** Of a definition. */
  readonly name?: string;
}

/** Against the file's name. */
const NAME_WEIGHT = 2;
/** The larger, the more it counts that one concept is there often. */
const K = 0.5;
/** How much a long place has to say more than a short one. */
const B = 0.4;
/** In terms. */
const USUAL_LENGTH = 150;

export class QuestionScore {
  /** Term → the concepts that it says, by their index. */
  readonly #sayings = new Map<number, number[]>();
  /** Of each concept, what it is worth to be said. */
  readonly #worths: readonly number[];
  readonly #concepts: readonly Concept[];
  readonly #most: number;

  constructor({ concepts }: Question, corpus: Corpus) {
    this.#concepts = concepts;
    // The root, as whoever asks uses words that the code seldom has: a place that has one of them says little, though it is rare.
    this.#worths = concepts.map(({ forms, weight }) => weight * Math.sqrt(corpus.chunks.rarityOfAny(forms)));
    this.#most = concepts.reduce((sum, { isEarlier }, at) => sum + (isEarlier ? 0 : this.#worths[at]!), 1e-9);
    for (const [concept, { forms }] of concepts.entries()) {
      for (const term of forms) {
        const sayings = this.#sayings.get(term);
        if (sayings) sayings.push(concept);
        else this.#sayings.set(term, [concept]);
      }
    }
  }

  /** From 0 to 1, which nothing reaches that says nothing of an earlier question. */
  of({ path, lines, name = "" }: AskedPlace): number {
    const text = this.#counted(lines);
    const ofName = this.#counted([name]);
    const file = this.#counted([nameOf(path).replace(/(?<=.)\.[^.]*$/, "")]);
    const norm = 1 - B + (B * text.length) / USUAL_LENGTH;
    const sum = this.#worths.reduce((sum, worth, concept) => {
      const inText = text.counts[concept]! / norm;
      const inNames = NAME_WEIGHT * Math.min(1, ofName.counts[concept]!) + Math.min(1, file.counts[concept]!);
      const often = this.#concepts[concept]!.isEarlier ? inText : inText + inNames;
      return sum + (worth * often) / (often + K);
    }, 0);
    return sum / this.#most;
  }

  /** How often each concept is said, and how long the text is. */
  #counted(lines: readonly string[]): { counts: Float64Array; length: number } {
    const counts = new Float64Array(this.#worths.length);
    let length = 0;
    for (const line of lines) {
      forEachTerm(line, (term) => {
        length++;
        for (const concept of this.#sayings.get(term) ?? []) counts[concept]!++;
      });
    }
    return { counts, length };
  }
}

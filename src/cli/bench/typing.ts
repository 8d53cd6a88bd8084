// From a key to a suggestion, without the editor's own share: a short piece of code is typed, and each answer waited for.

import { Completer } from "../../engine/completion/completer";
import { PATIENCE } from "../../engine/completion/patience";
import { Documents } from "../../engine/documents";
import type { LanguageModel } from "../../engine/model/languageModel";
import { undisturbed } from "../../engine/modelAccess";
import { ReadingPace } from "../../engine/readingPace";
import { askingAt } from "../asking";
import { type Distribution, distributionOf } from "../distribution";

export interface Typing {
  /** At which the engine was asked. */
  readonly keys: number;
  /** How many of them got one. */
  readonly suggestions: number;
  readonly msToSuggestion: Distribution;
}

const ABOVE = `export interface Point {
  readonly x: number;
  readonly y: number;
}

export function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

`;
const TYPED = `export function middle(from: Point, to: Point): Point {
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}
`;

/** @param every how many keys are typed until the engine is asked once */
export async function measureTyping(loaded: LanguageModel, every: number): Promise<Typing> {
  const pace = new ReadingPace(loaded);
  const completer = new Completer({ lm: pace.timed(), patience: { ...PATIENCE, pace } });
  const identity = { uri: "file:///points.ts", languageId: "typescript", path: "points.ts" };
  const document = new Documents().open({ ...identity, version: 1, text: ABOVE });
  // The cursor rests before somebody begins to type.
  await completer.prepare(document, ABOVE.length, undisturbed);
  let keys = 0;
  const times: number[] = [];
  for (let typed = every; typed <= TYPED.length; typed += every) {
    const offset = ABOVE.length + typed;
    const began = performance.now();
    const inserted = TYPED.slice(typed - every, typed);
    document.change(document.version + 1, [{ offset: offset - every, deleted: 0, inserted }]);
    const { extent } = askingAt(document.text, offset);
    const place = { uri: document.uri, version: document.version, offset };
    const result = await completer.complete(document, { ...place, trigger: "automatic", extent }, undisturbed);
    if (result.type === "failed") throw new Error(result.message);
    keys++;
    if (result.type === "success") times.push(performance.now() - began);
  }
  return { keys, suggestions: times.length, msToSuggestion: distributionOf(times) };
}

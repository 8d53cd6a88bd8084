// Reads test/golden/questions and ownQuestions: questions about repositories, with places that answer them. Their READMEs say how.

import type { Passage } from "../../src/engine/snippets/passages";
import { readGoldenTexts } from "./goldenCases";

/** Who asked: somebody who knew the code, or a newcomer; those held out say how good the search is and choose nothing of it. */
export type Asker = "expert" | "newcomer" | "held out";

export interface GoldenQuestion {
  /** The file's name, without its endings. */
  readonly repository: string;
  readonly asker: Asker;
  readonly question: string;
  /** Each of them answers. */
  readonly places: readonly GoldenPlace[];
  /** Not found yet, and known to be so. */
  readonly isOpen: boolean;
}

export interface GoldenPlace {
  readonly path: string;
  /** In a line of the passage that answers. */
  readonly words: string;
}

export function readQuestions(folder: string): GoldenQuestion[] {
  return readGoldenTexts(folder).map(({ file, text }) => {
    const [question, first, ...others] = text.trim().split("\n");
    const isOpen = first?.startsWith("!") ?? false;
    const places = [first?.slice(isOpen ? 1 : 0) ?? "", ...others].map((line) => placeIn(line));
    if (!question || !places.every((place) => place !== undefined))
      throw new Error(`${file}: a question needs "path | words" in each line below it:\n${text}`);
    return { repository: file.replace(ENDINGS, ""), asker: askerOf(file), question, places, isOpen };
  });
}

/** @param folder in which the question's repository lies, with "/" at its end */
export function answers({ path, text }: Passage, { places }: GoldenQuestion, folder = ""): boolean {
  return places.some((place) => path === folder + place.path && text.includes(place.words));
}

const ENDINGS = /(\.newcomers|\.held-out)?\.txt$/;

function askerOf(file: string): Asker {
  const ending = ENDINGS.exec(file)?.[1];
  if (ending === undefined) return "expert";
  return ending === ".newcomers" ? "newcomer" : "held out";
}

function placeIn(line: string): GoldenPlace | undefined {
  const match = /^(?<path>[^|]+?) *\| *(?<words>.+?)\s*$/.exec(line);
  return match?.groups as GoldenPlace | undefined;
}

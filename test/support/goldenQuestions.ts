// Reads test/golden/questions: questions about repositories, with places that answer them. Its README says how.

import { readGoldenTexts } from "./goldenCases";

export interface GoldenQuestion {
  /** Name of a file in test/tasks/repos, without its ending. */
  readonly repository: string;
  readonly question: string;
  readonly path: string;
  /** In a line of the passage that answers. */
  readonly words: string;
  /** Not found yet, and known to be so. */
  readonly isOpen: boolean;
}

export function readQuestions(folder: string): GoldenQuestion[] {
  return readGoldenTexts(folder).map(({ file, text }) => {
    const match = /^(?<question>.+)\n(?<open>!?)(?<path>[^|\n]+?) *\| *(?<words>.+)\s*$/.exec(text.trim());
    if (!match?.groups) throw new Error(`${file}: a question needs "path | words" below it:\n${text}`);
    const { question, open, path, words } = match.groups as Record<"question" | "open" | "path" | "words", string>;
    return { repository: file.replace(/\.txt$/, ""), question, path, words: words.trim(), isOpen: open === "!" };
  });
}

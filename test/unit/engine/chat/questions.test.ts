// Golden questions: what the chat finds for them in real repositories.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SnippetIndex } from "../../../../src/engine/snippets/snippetIndex";
import { type GoldenQuestion, readQuestions } from "../../../support/goldenQuestions";

/** What a reader looks at, and what a prompt surely holds. */
const FIRST = 3;

const byRepository = new Map<string, GoldenQuestion[]>();
for (const one of readQuestions("test/golden/questions")) {
  byRepository.set(one.repository, [...(byRepository.get(one.repository) ?? []), one]);
}

for (const [repository, questions] of byRepository) {
  describe(`questions about ${repository}`, () => {
    const index = new SnippetIndex();
    before(async () => {
      const lines = readFileSync(join("test/tasks/repos", `${repository}.jsonl`), "utf8")
        .trimEnd()
        .split("\n");
      for (const line of lines) {
        const { path, text } = JSON.parse(line) as { path: string; text: string };
        await index.update(path, text);
      }
    });

    for (const { question, path, words, isOpen } of questions) {
      it(isOpen ? `does not find yet: ${question}` : question, () => {
        const passages = index.passages({ question, limit: FIRST });
        const isFound = passages.some((one) => one.path === path && one.text.includes(words));
        const found = passages.map((one) => `${one.path}:${one.startLine + 1} ${one.reason} ${one.score.toFixed(2)}`);
        assert.equal(isFound, !isOpen, `wanted ${path} | ${words}\nfound\n${found.join("\n")}`);
      });
    }
  });
}

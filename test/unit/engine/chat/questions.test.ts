// Golden questions: what the chat finds for them in real repositories.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SnippetIndex } from "../../../../src/engine/snippets/snippetIndex";
import { type GoldenQuestion, readQuestions } from "../../../support/goldenQuestions";

const REPOSITORIES = "test/tasks/repos";
/** What a reader looks at, and what a prompt surely holds. */
const FIRST = 3;

const byRepository = new Map<string, GoldenQuestion[]>();
for (const one of readQuestions("test/golden/questions")) {
  byRepository.set(one.repository, [...(byRepository.get(one.repository) ?? []), one]);
}

async function addPackage(index: SnippetIndex, repository: string, folder = ""): Promise<void> {
  const lines = readFileSync(join(REPOSITORIES, `${repository}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  for (const line of lines) {
    const { path, text } = JSON.parse(line) as { path: string; text: string };
    await index.update(folder + path, text);
  }
}

for (const [repository, questions] of byRepository) {
  describe(`questions about ${repository}`, () => {
    const index = new SnippetIndex();
    before(() => addPackage(index, repository));

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

describe("questions about all packages in one folder", () => {
  const index = new SnippetIndex();
  before(async () => {
    for (const file of readdirSync(REPOSITORIES)) await addPackage(index, file.replace(".jsonl", ""), `${file}/`);
  });

  it("are mostly answered all the same", () => {
    const questions = [...byRepository.values()].flat();
    const ranks = questions.map(({ repository, question, path, words }) => {
      const passages = index.passages({ question, limit: FIRST });
      return passages.findIndex((one) => one.path === `${repository}.jsonl/${path}` && one.text.includes(words));
    });
    const missed = questions.filter((_, index) => ranks[index] === -1).map(({ question }) => question);
    const first = ranks.filter((rank) => rank === 0).length;
    const amongFirst = questions.length - missed.length;
    console.log(
      `      ${questions.length} questions: ${first} answered by the first place, ${amongFirst} by the first ${FIRST}`,
    );
    // Cases are added by people; what must not happen is that the search gets much worse.
    assert.ok(amongFirst >= 0.75 * questions.length, `not answered:\n${missed.join("\n")}`);
  });
});

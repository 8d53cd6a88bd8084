// Golden questions: what the chat finds for them in real repositories.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "../../../../src/engine/files/listFiles";
import { loadRules } from "../../../../src/engine/files/readRules";
import { readSource } from "../../../../src/engine/files/readSource";
import { SnippetIndex } from "../../../../src/engine/snippets/snippetIndex";
import { type Asker, answers, type GoldenQuestion, readQuestions } from "../../../support/goldenQuestions";

const REPOSITORIES = "test/tasks/repos";
/** What a reader looks at, and what a prompt surely holds. */
const FIRST = 3;

const QUESTIONS = readQuestions("test/golden/questions");
const PACKAGES = readdirSync(REPOSITORIES).map((file) => file.replace(".jsonl", ""));

function askedBy(asker: Asker): GoldenQuestion[] {
  return QUESTIONS.filter((one) => one.asker === asker);
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

describe("questions, each about its package,", () => {
  const indexes = new Map(PACKAGES.map((repository) => [repository, new SnippetIndex()]));
  before(async () => {
    for (const [repository, index] of indexes) await addPackage(index, repository);
  });

  for (const one of [...askedBy("expert"), ...askedBy("newcomer")]) {
    const { repository, question, places, isOpen } = one;
    it(`${isOpen ? "do not find yet" : "find"} in ${repository}: ${question}`, () => {
      const passages = indexes.get(repository)!.passages({ question, limit: FIRST });
      const isFound = passages.some((passage) => answers(passage, one));
      const wanted = places.map(({ path, words }) => `${path} | ${words}`);
      const found = passages.map((one) => `${one.path}:${one.startLine + 1} ${one.reason} ${one.score.toFixed(2)}`);
      assert.equal(isFound, !isOpen, `wanted\n${wanted.join("\n")}\nfound\n${found.join("\n")}`);
    });
  }

  // What must not happen is that the search gets much worse.
  for (const [asker, share] of [
    ["expert", 0.9],
    ["newcomer", 0.4],
    ["held out", 0.15],
  ] as const) {
    it(`by one kind of asker are answered in part: ${asker}`, () =>
      checkAnswered(askedBy(asker), share, ({ repository }) => indexes.get(repository)!));
  }

  // They are not without words in common: a server's question may find something in another server.
  it("often find nothing in other packages, which do not answer them", () => {
    const listed = askedBy("held out").flatMap(({ repository, question }) =>
      PACKAGES.filter((other) => other !== repository).map(
        (other) => indexes.get(other)!.passages({ question, limit: 1 }).length > 0,
      ),
    );
    const share = listed.filter(Boolean).length / listed.length;
    console.log(`      ${(100 * share).toFixed(0)} of 100 list a place where there is no answer`);
    assert.ok(share < 0.65);
  });
});

describe("questions about all packages in one folder", () => {
  const index = new SnippetIndex();
  before(async () => {
    for (const repository of PACKAGES) await addPackage(index, repository, `${repository}/`);
  });

  for (const [asker, share] of [
    ["expert", 0.75],
    ["newcomer", 0.2],
    ["held out", 0.1],
  ] as const) {
    it(`are answered in part all the same: ${asker}`, () =>
      checkAnswered(
        askedBy(asker),
        share,
        () => index,
        ({ repository }) => `${repository}/`,
      ));
  }
});

describe("questions that newcomers ask about this project", () => {
  const index = new SnippetIndex();
  before(async () => {
    const { files } = await listFiles(await loadRules(".", { globalExcludesPath: "" }));
    for (const { path } of files) {
      // The questions themselves are golden cases.
      if (path.startsWith("test/golden/") || path.startsWith("test/recordings/")) continue;
      const source = await readSource(".", path);
      if ("text" in source) await index.update(path, source.text);
    }
  });

  // The code changes from day to day: which of them are answered may change with it.
  it("are answered in part", () => checkAnswered(readQuestions("test/golden/ownQuestions"), 0.3, () => index));
});

/** @param share of the questions that must find their answer among the first places */
function checkAnswered(
  questions: readonly GoldenQuestion[],
  share: number,
  indexOf: (question: GoldenQuestion) => SnippetIndex,
  folderOf: (question: GoldenQuestion) => string = () => "",
): void {
  const ranks = questions.map((one) =>
    indexOf(one)
      .passages({ question: one.question, limit: FIRST })
      .findIndex((found) => answers(found, one, folderOf(one))),
  );
  const missed = questions.filter((_, index) => ranks[index] === -1).map(({ question }) => question);
  const first = ranks.filter((rank) => rank === 0).length;
  const amongFirst = questions.length - missed.length;
  console.log(
    `      ${questions.length} questions: ${first} answered by the first place, ${amongFirst} by the first ${FIRST}`,
  );
  assert.ok(amongFirst >= share * questions.length, `not answered:\n${missed.join("\n")}`);
}

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inventFacts } from "../../../../../src/cli/eval/recall/facts";
import { makeStream, paragraphs } from "../../../../../src/cli/eval/recall/stream";
import { fillerFiles, windowModel } from "./support";

const anything = () => true;

describe("invented facts", () => {
  for (const extension of [".py", ".js"]) {
    it(`are the committed ones for seed 1 (${extension}): results of two days can be compared`, async () => {
      const written = inventFacts(6, 1, extension, anything)
        .map(
          ({ kind, path, told, question, answer }) =>
            `== ${kind}\n${told}\n-- ${path}\n${question}├${answer.trimEnd()}┤\n`,
        )
        .join("");
      assert.equal(written, await readFile(`test/golden/recall/facts${extension}.txt`, "utf8"));
    });
  }

  it("tell the answer, and the question does not", () => {
    for (const { told, question, answer } of inventFacts(30, 3, ".py", anything)) {
      assert(`${told}\n`.includes(answer), told);
      assert(!question.includes(answer), question);
    }
  });

  it("say nothing twice, nor what the text says already", () => {
    const first = inventFacts(30, 5, ".js", anything);
    assert.equal(new Set(first.map(({ answer }) => answer)).size, 30);
    const nameOf = ({ question }: (typeof first)[number]) => question.split(" ")[1]!;
    const constants = (facts: typeof first) => facts.filter(({ kind }) => kind === "constant").map(nameOf);
    const used = constants(first);
    const second = inventFacts(30, 5, ".js", (clue) => !used.includes(clue));
    assert(constants(second).every((name) => !used.includes(name)));
    assert.throws(() => inventFacts(1, 5, ".js", () => false), /Give other repositories/);
  });
});

describe("a stream", () => {
  it("is the files' own text with each fact once, at the left margin after a blank line", async () => {
    const lm = windowModel(1);
    const files = fillerFiles("a", 3, 1_500);
    const { tokens, facts } = await makeStream(lm, [files], { seed: 1, facts: 3, spacing: 400, after: 100 });
    const text = Buffer.from(tokens.slice(1)).toString();
    let rest = text;
    for (const { fact, start, end } of facts) {
      assert.equal(Buffer.from(tokens.slice(start, end)).toString(), `${fact.told}\n\n`);
      const [before] = text.split(fact.told);
      assert(/\n\n$|^\/\/ [^\n]*\n$/.test(before!), before!.slice(-30));
      rest = rest.replace(`${fact.told}\n\n`, "");
    }
    assert(rest.startsWith(`// ${files[0]!.path}\n${files[0]!.text}`));
  });

  it("says what is missing when the repositories are too short", async () => {
    const make = makeStream(windowModel(1), [fillerFiles("a", 1, 500)], {
      seed: 1,
      facts: 2,
      spacing: 100,
      after: 9_000,
    });
    await assert.rejects(make, /The repositories have \d+ tokens; with 2 facts this takes 9200 or a few more/);
  });

  it("is cut between paragraphs only", () => {
    assert.deepEqual(paragraphs("a\n\nb\n\n  c\n\n)\n\nd"), ["a\n\n", "b\n\n  c\n\n)\n\n", "d\n"]);
  });
});

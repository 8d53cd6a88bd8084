// What stands in test/golden is tested, or refused by name.

import assert from "node:assert/strict";
import { headOf, parseCase, section, textsOf } from "../support/goldenCases";

const FORM = { heads: ["language", "cut off"], sections: ["source", "expected"] };
const CASE = "shows it\nlanguage: c\ncut off: true\n--- source src/a.c\na\n\n--- expected\nb\n";

const read = (content: string) => textsOf("a.txt", content).map(({ file, text }) => parseCase(file, text, FORM));

describe("golden cases", () => {
  it("have a title, a head and sections", () => {
    const [one, two] = read(`=== ${CASE}\n=== ${CASE}`);
    const sections = [
      { name: "source src/a.c", text: "a" },
      { name: "expected", text: "b" },
    ];
    assert.deepEqual(one, { file: "a.txt", title: "shows it", head: { language: "c", "cut off": "true" }, sections });
    assert.deepEqual(two, one);
    assert.deepEqual([headOf(one!, "language"), section(one!, "expected")], ["c", "b"]);
    assert.throws(() => headOf(one!, "files"), { message: 'a.txt: shows it: needs "files:"' });
    assert.throws(() => section(one!, "source"), { message: 'a.txt: shows it: needs one "--- source"' });
  });

  for (const [what, content, message] of [
    ["a file without a case", "language: c\n", /^a\.txt: has no case/],
    ["an empty file", "", /^a\.txt: has no case/],
    ["text above the first case", `language: c\n=== ${CASE}`, /^a\.txt: has text above its first case: language: c$/],
    ["a title that is no title", `=== ${CASE}\n===${CASE}`, /^a\.txt: has "===" without a blank behind it/],
    ["an unknown key", "=== shows it\nlangauge: c\n--- source\n", /^a\.txt: shows it: knows no "langauge"$/],
    ["a line of the head that is none", "=== shows it\ncut off\n", /^a\.txt: shows it: knows no "cut off"$/],
    ["an unknown section", "=== shows it\n--- expectd\n", /^a\.txt: shows it: knows no "expectd"$/],
  ] as const) {
    it(`refuse ${what}`, () => assert.throws(() => read(content), { message }));
  }
});

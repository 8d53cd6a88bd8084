// What a language needs in other places, where nothing else would miss it: without its grammar's file in the package, for one, only
// users would have no outlines. The compiler asks for what each family needs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LANGUAGES, languageOf } from "../../../../src/engine/snippets/languages";
import { KINDS } from "../../../../src/engine/snippets/outline";
import { readGoldenTexts } from "../../../support/goldenCases";

/** What a query captures besides a definition under its kind. */
const PARTS = ["name", "body", "declarator"];

describe("languages", () => {
  it("have their grammars in the package, and no others", () => {
    const shipped = readFileSync(".vscodeignore", "utf8").matchAll(/^!.*\/tree-sitter-([\w-]+)\.wasm$/gm);
    const read = new Set(LANGUAGES.map(({ grammar }) => grammar));
    assert.deepEqual([...shipped].map(([, name]) => name).sort(), [...read].sort());
  });

  it("have a golden outline", () => {
    const paths = readGoldenTexts("test/golden/snippets").map(({ text }) => /^path: (.*)$/m.exec(text)![1]!);
    const outlined = new Set(paths.map(languageOf));
    assert.deepEqual(
      LANGUAGES.filter((language) => !outlined.has(language)).map(({ ids }) => ids[0]),
      [],
    );
  });

  it("have queries that capture definitions under their kinds, and parts of them", () => {
    for (const { grammar, query } of LANGUAGES) {
      for (const [, capture] of query.matchAll(/@([\w-]+)/g)) {
        const isKnown = capture!.startsWith("_") || [...KINDS, ...PARTS].includes(capture!);
        assert.ok(isKnown, `${grammar}: @${capture}`);
      }
    }
  });
});

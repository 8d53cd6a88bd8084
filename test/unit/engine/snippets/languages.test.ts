// A language without its grammar's file in the package would have no outlines for users, and in no other test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LANGUAGES } from "../../../../src/engine/snippets/languages";

describe("languages", () => {
  it("have their grammars in the package, and no others", () => {
    const shipped = readFileSync(".vscodeignore", "utf8").matchAll(/^!.*\/tree-sitter-([\w-]+)\.wasm$/gm);
    const read = new Set(LANGUAGES.map(({ grammar }) => grammar));
    assert.deepEqual([...shipped].map(([, name]) => name).sort(), [...read].sort());
  });
});

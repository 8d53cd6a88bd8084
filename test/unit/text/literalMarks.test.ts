import assert from "node:assert/strict";
import { literalMarksOf } from "../../../src/text/filters/literalMarks";

const cases: readonly [path: string | undefined, languageId: string, marks: readonly string[]][] = [
  [undefined, "go", ["`", "/*"]],
  ["notebook.ipynb", "python", ['"""', "'''"]],
  ["src/Main.KT", "kt", ['"""', "/*"]],
  ["folder.ts/Makefile", "makefile", []],
  [undefined, "ocaml", []],
];

describe("marks of strings and comments of several lines", () => {
  for (const [path, languageId, marks] of cases) {
    it(`${path ?? "no path"}, ${languageId}: ${marks.join(" ") || "none"}`, () => {
      assert.deepEqual(literalMarksOf(path, languageId), marks);
    });
  }
});

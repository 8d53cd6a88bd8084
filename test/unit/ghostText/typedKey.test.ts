import assert from "node:assert/strict";
import { cursorAfterKey } from "../../../src/ghostText/typedKey";

/** What is inserted at offset 10, and where the cursor is then. */
const CASES: readonly (readonly [string, number | undefined])[] = [
  [".", 11],
  [" ", 11],
  ["    ", 14],
  ["\t", 11],
  ["()", 11],
  ['""', 11],
  ["\n", 11],
  ["\r\n    ", 16],
  ["x", undefined],
  ["_", undefined],
  ["é", undefined],
  ["=>", undefined],
  ["\n    \n", 15],
  ["\r\n\t\t\r\n\t", 14],
  ["\n\n\n", undefined],
  ["\n  x\n", undefined],
  ["foo()", undefined],
  ["", undefined],
];

describe("cursorAfterKey", () => {
  for (const [inserted, expected] of CASES) {
    it(`${JSON.stringify(inserted)}: ${expected ?? "no such key"}`, () => {
      assert.equal(cursorAfterKey([{ offset: 10, deleted: 0, inserted }]), expected);
    });
  }

  it("knows what is typed over a closing bracket or quote, which replaces it", () => {
    for (const inserted of [")", "]", "}", '"', "'", "`"]) {
      assert.equal(cursorAfterKey([{ offset: 10, deleted: 1, inserted }]), 11, inserted);
    }
  });

  it("knows Enter on a line of blanks, which the editor removes", () => {
    const blanks = { offset: 6, deleted: 4, inserted: "" };
    assert.equal(cursorAfterKey([{ offset: 10, deleted: 0, inserted: "\n    " }, blanks]), 11);
    assert.equal(cursorAfterKey([{ offset: 10, deleted: 0, inserted: "\r\n    " }, blanks]), 12);
  });

  it("knows no key in no edit, in several others, or in what replaces something else", () => {
    const edit = { offset: 10, deleted: 0, inserted: "." };
    const lineBreak = { ...edit, inserted: "\n" };
    assert.equal(cursorAfterKey([]), undefined);
    assert.equal(cursorAfterKey([edit, edit]), undefined);
    assert.equal(cursorAfterKey([lineBreak, { offset: 5, deleted: 4, inserted: "" }]), undefined);
    assert.equal(cursorAfterKey([lineBreak, { offset: 6, deleted: 4, inserted: "x" }]), undefined);
    assert.equal(cursorAfterKey([edit, { offset: 6, deleted: 4, inserted: "" }]), undefined);
    assert.equal(cursorAfterKey([{ ...edit, deleted: 1 }]), undefined);
    assert.equal(cursorAfterKey([{ ...lineBreak, deleted: 1 }]), undefined);
    assert.equal(cursorAfterKey([{ ...edit, deleted: 2, inserted: ")" }]), undefined);
  });
});

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

  it("knows no key in no edit, in several, or in what replaces something", () => {
    const edit = { offset: 10, deleted: 0, inserted: "." };
    assert.equal(cursorAfterKey([]), undefined);
    assert.equal(cursorAfterKey([edit, edit]), undefined);
    assert.equal(cursorAfterKey([{ ...edit, deleted: 1 }]), undefined);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdit, applyEdits, commonPrefixLength, commonSuffixLength, editBetween } from "../../../src/text/edit";

describe("edit", () => {
  it("replaces a range", () => {
    assert.equal(applyEdit("foobar", { offset: 3, deleted: 2, inserted: "l" }), "foolr");
  });

  it("applies edits one after the other, as VS Code orders those of several cursors", () => {
    const edits = [
      { offset: 4, deleted: 0, inserted: "x" },
      { offset: 0, deleted: 1, inserted: "" },
    ];
    assert.equal(applyEdits("a\r\nb", edits), "\r\nbx");
  });

  it("gives the same for any number of edits as one after the other, in whatever order they come", () => {
    const edit = fc.record({ offset: fc.nat(12), deleted: fc.nat(3), inserted: fc.string({ maxLength: 2 }) });
    fc.assert(
      fc.property(fc.string({ minLength: 16 }), fc.array(edit), fc.boolean(), (text, edits, isSorted) => {
        const ordered = isSorted ? edits.toSorted((a, b) => b.offset - a.offset) : edits;
        assert.equal(applyEdits(text, ordered), ordered.reduce(applyEdit, text));
      }),
    );
  });

  it("counts what two texts share", () => {
    assert.equal(commonPrefixLength("abc", "abd"), 2);
    assert.equal(commonSuffixLength("xbc", "abc"), 2);
    assert.equal(commonSuffixLength("aaa", "aa"), 2);
  });

  it("finds the one edit between two texts, however much repeats in them", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "😀") });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edit = editBetween(before, after);
        assert.equal(edit === undefined ? before : applyEdit(before, edit), after);
        assert.equal(edit === undefined, before === after);
      }),
    );
  });
});

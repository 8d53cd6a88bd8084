import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdit, applyEdits, commonPrefixLength, editBetween, offsetAfter } from "../../../src/text/edit";

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

  it("moves a place with the text around it: what is inserted there comes after it", () => {
    /** `|` is the place. */
    const moved = (marked: string, ...edits: { offset: number; deleted: number; inserted: string }[]) => {
      const text = applyEdits(marked.replace("|", ""), edits);
      const at = offsetAfter(marked.indexOf("|"), edits);
      return `${text.slice(0, at)}|${text.slice(at)}`;
    };
    assert.equal(moved("ab|cd", { offset: 0, deleted: 1, inserted: "xyz" }), "xyzb|cd");
    assert.equal(moved("ab|cd", { offset: 3, deleted: 1, inserted: "x" }), "ab|cx");
    assert.equal(moved("ab|cd", { offset: 2, deleted: 0, inserted: "x" }), "ab|xcd");
    assert.equal(moved("ab|cd", { offset: 1, deleted: 1, inserted: "x" }), "ax|cd");
    assert.equal(moved("ab|cd", { offset: 1, deleted: 2, inserted: "x" }), "a|xd");
    assert.equal(moved("ab|cd", { offset: 1, deleted: 3, inserted: "x" }), "a|x");
    const typed = { offset: 0, deleted: 0, inserted: "x" };
    assert.equal(moved("ab|cd", { offset: 2, deleted: 2, inserted: "" }, typed), "xab|");
  });

  it("counts what two texts begin with", () => {
    assert.equal(commonPrefixLength("abc", "abd"), 2);
  });

  it("finds the one edit between two texts, however much repeats in them", () => {
    assert.equal(editBetween("ab", "ab"), undefined);
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

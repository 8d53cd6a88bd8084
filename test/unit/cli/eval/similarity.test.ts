import assert from "node:assert/strict";
import fc from "fast-check";
import { editDistance, isExact, similarity } from "../../../../src/cli/eval/similarity";

describe("similarity", () => {
  it("counts the edits between two texts", () => {
    const cases: [a: string, b: string, distance: number][] = [
      ["", "", 0],
      ["", "abc", 3],
      ["kitten", "sitting", 3],
      ["flaw", "lawn", 2],
      ["return x", "return x;", 1],
    ];
    for (const [a, b, distance] of cases) assert.equal(editDistance(a, b), distance, `${a} → ${b}`);
  });

  it("is 1 for equal texts only, and the same both ways", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(similarity(a, a), 1);
        assert.equal(similarity(a, b), similarity(b, a));
        assert.equal(similarity(a, b) === 1, a === b);
        assert(similarity(a, b) >= 0);
      }),
    );
  });

  it("is exact but for blanks at the end", () => {
    assert(isExact("foo()\n", "foo()"));
    assert(!isExact(" foo()", "foo()"));
  });
});

import assert from "node:assert/strict";
import {
  indentWidth,
  lineAbove,
  lineAfter,
  lineBefore,
  lineBelow,
  splitLines,
  wordAtEnd,
} from "../../../src/text/lines";

describe("lines", () => {
  it("splits, and tells whether a line can still grow", () => {
    assert.deepEqual(splitLines("a\n\nb"), [
      { start: 0, text: "a", isComplete: true },
      { start: 2, text: "", isComplete: true },
      { start: 3, text: "b", isComplete: false },
    ]);
    assert.deepEqual(splitLines(""), [{ start: 0, text: "", isComplete: false }]);
  });

  it("measures indentation in columns", () => {
    assert.equal(indentWidth("  x"), 2);
    assert.equal(indentWidth("\tx"), 4);
    assert.equal(indentWidth("  \tx"), 4);
    assert.equal(indentWidth(""), 0);
  });

  it("finds the lines around the cursor", () => {
    assert.equal(lineBefore("a\n  b"), "  b");
    assert.equal(lineAfter(" c \r\nd"), " c");
    assert.equal(lineAbove("a \n \n  b"), "a");
    assert.equal(lineBelow("c\n\n  d \ne"), "  d");
  });

  it("finds the word at the end", () => {
    for (const [text, word] of [
      ["foo.bar_2$", "bar_2$"],
      ["naïve été", "été"],
      ["𝒳𝒴", "𝒳𝒴"],
      ["foo(", ""],
      ["", ""],
    ] as const) {
      assert.equal(wordAtEnd(text), word, text);
    }
  });

  it("does not look through data on the line for it", () => {
    const data = "a1".repeat(500_000);
    assert.equal(wordAtEnd(`x = "${data}" `), "");
    assert.ok(data.endsWith(wordAtEnd(data)));
  });

  it("finds none where there is none", () => {
    for (const prefix of ["", "b", "\nb", "\n\nb", " \n\nb"])
      assert.equal(lineAbove(prefix), undefined, JSON.stringify(prefix));
    for (const suffix of ["", "c", "c\n", "c\n\n", "c\n \n"])
      assert.equal(lineBelow(suffix), undefined, JSON.stringify(suffix));
  });
});

import assert from "node:assert/strict";
import {
  contentStart,
  dedent,
  indentWidth,
  type Line,
  lineAbove,
  lineAfter,
  lineBefore,
  lineBelow,
  lineBreaks,
  linesBelow,
  splitLines,
  wholeLine,
  wordAtEnd,
} from "../../../src/text/lines";

describe("lines", () => {
  it("splits, and tells whether a line can still grow", () => {
    assert.deepEqual(splitLines("a\n\nb"), [
      { start: 0, text: "a", isComplete: true },
      { start: 2, text: "", isComplete: true },
      { start: 3, text: "b", isComplete: false },
    ]);
    assert.deepEqual(
      splitLines("\nb").map(({ text }) => text),
      ["", "b"],
    );
    assert.deepEqual(splitLines(""), [{ start: 0, text: "", isComplete: false }]);
  });

  it("measures indentation in columns", () => {
    assert.equal(indentWidth("  x"), 2);
    assert.equal(indentWidth("\tx"), 4);
    assert.equal(indentWidth("  \tx"), 4);
    assert.equal(indentWidth("  x  "), 2);
    assert.equal(indentWidth(""), 0);
  });

  it("counts the lines that end between two offsets", () => {
    for (const [from, to, count] of [
      [undefined, undefined, 3],
      [1, 3, 1],
      [1, 4, 2],
      [2, 4, 1],
      [7, undefined, 0],
    ] as const) {
      assert.equal(lineBreaks("a\nb\nc\nd", from, to), count, `${from} to ${to}`);
    }
  });

  it("takes away what all lines but the blank ones are indented by", () => {
    assert.deepEqual(dedent(["    a", "", "      b"]), ["a", "", "  b"]);
    assert.deepEqual(dedent([" ", "\ta"]), ["", "a"]);
    assert.deepEqual(dedent(["", ""]), ["", ""]);
    assert.deepEqual(dedent(["  "]), ["  "]);
  });

  it("knows where a line's content starts, and the line as it will stand behind the cursor's", () => {
    const [first, second] = splitLines(" a\n  b") as [Line, Line];
    assert.deepEqual([contentStart(first), contentStart(second)], [1, 5]);
    assert.deepEqual([wholeLine(first, "x\ny"), wholeLine(second, "x\ny")], ["y a", "  b"]);
  });

  it("finds the lines around the cursor", () => {
    assert.equal(lineBefore("a\n\n  b"), "  b");
    assert.equal(lineAfter(" c \r\nd\n"), " c");
    assert.equal(lineAfter(" c "), " c");
    assert.equal(lineAfter("\nd"), "");
    assert.equal(lineAbove("x\na \n \n  b"), "a");
    assert.equal(lineBelow("c\n\n  d \ne"), "  d");
    assert.deepEqual([...linesBelow("c\n\n  d \ne")], ["  d", "e"]);
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

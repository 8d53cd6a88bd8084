import assert from "node:assert/strict";
import fc from "fast-check";
import { lastLines } from "../../../../src/engine/completion/briefPrompt";

const LENGTH = 100;
/** Of eleven units each. */
const LINES = Array.from({ length: 90 }, (_, index) => `line ${index + 10} ..\n`).join("");

describe("the last lines of a text", () => {
  it("are all of a short one", () => {
    assert.equal(lastLines("short\ntext", LENGTH), "short\ntext");
  });

  it("are whole lines of about the length that is wanted", () => {
    const last = lastLines(LINES, LENGTH);
    assert.match(last, /^line \d\d \.\.\n/);
    assert.ok(last.length <= LENGTH && last.length >= LENGTH / 2, `${last.length} units`);
  });

  it("begin at the same place while a few lines are written after them", () => {
    let begins = 0;
    let start: number | undefined;
    for (let length = 4 * LENGTH; length < 8 * LENGTH; length++) {
      const begin = length - lastLines(LINES.slice(0, length), LENGTH).length;
      if (begin !== start) begins++;
      start = begin;
    }
    assert.ok(begins <= 17, `${begins} beginnings in four times the length`);
  });

  it("are the end of a line that is too long, without half a character", () => {
    assert.equal(lastLines("😀".repeat(200), LENGTH).replaceAll("😀", ""), "");
    assert.ok(lastLines(`${"x".repeat(500)}\n`, LENGTH).length > LENGTH / 2);
  });

  it("are never long or very short", () => {
    const text = fc.array(fc.constantFrom("a", "bc\n", "\n", " ".repeat(30), "😀"), { maxLength: 200 });
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 200 }), (pieces, length) => {
        const whole = pieces.join("");
        const last = lastLines(whole, length);
        assert.ok(whole.endsWith(last));
        assert.ok(last.length <= length, `${last.length} of ${length}`);
        assert.ok(last.length >= Math.min(whole.length, length / 2 - 1), `${last.length} of ${length}`);
      }),
    );
  });
});

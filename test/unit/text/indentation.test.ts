import assert from "node:assert/strict";
import fc from "fast-check";
import { indentedWith } from "../../../src/text/indentation";
import { readIndentationCases } from "../../support/goldenIndentation";

describe("the indentation of what is written", () => {
  for (const { file, title, unit, prefix, suffix, raw, expected } of readIndentationCases("test/golden/indentation")) {
    it(`${file}: ${title}`, () => {
      const indented = indentedWith(unit, prefix, suffix);
      assert.equal(indented(raw), expected);
      for (let length = 0; length < raw.length; length++) {
        const begun = indented(raw.slice(0, length));
        assert.ok(expected.startsWith(begun), `fed character by character: ${JSON.stringify(begun)}`);
      }
    });
  }

  it("only ever goes on while more is written, and changes nothing but blanks at the beginning of lines", () => {
    const text = fc
      .array(fc.constantFrom("a", "\n", " ", "  ", "    ", "\t", "*", "{"), { maxLength: 30 })
      .map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, fc.constantFrom("\t", "  ", "    "), (prefix, written, unit) => {
        const indented = indentedWith(unit, prefix, "");
        const whole = indented(`${written}.`);
        for (let length = 0; length <= written.length; length++)
          assert.ok(whole.startsWith(indented(written.slice(0, length))));
        const bare = (one: string) => one.replace(/^[ \t]+/gm, "");
        assert.equal(bare(whole), bare(`${written}.`));
      }),
      { numRuns: 2000 },
    );
  });
});

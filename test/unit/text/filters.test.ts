import assert from "node:assert/strict";
import fc from "fast-check";
import { type FilterContext, finishCompletion, stopOffset } from "../../../src/text/filters";
import { readFilterCases } from "../../support/goldenFilters";

const cases = readFilterCases("test/golden/filters");

// No closing word such as `end` here: a bracket that ends generation right behind one leaves a closing line.
const piece = fc.constantFrom(
  "a",
  "foo",
  " ",
  "  ",
  "    ",
  "\n",
  "\n\n",
  "\n  ",
  "{",
  "}",
  "(",
  ")",
  ";",
  "else",
  '"',
  "return x",
  "\\",
  ".",
  ",",
  "\t",
  "<",
  ">",
  "/",
  "#",
  "`",
  '"""',
  "@b",
  "\n@b\n",
);
const code = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(""));

describe("completion filters", () => {
  for (const { file, title, raw, expected, isCutOff, ...context } of cases) {
    it(`${file}: ${title}`, () => {
      assert.equal(finishCompletion(raw, context, isCutOff), expected);
      assert.equal(generate([...raw], context, isCutOff), expected, "fed character by character");
    });
  }

  it("stops early exactly where finishing would cut", () => {
    fc.assert(
      fc.property(code, fc.array(piece, { maxLength: 40 }), code, fc.boolean(), (prefix, pieces, suffix, multiline) => {
        const context = { prefix, suffix, multiline };
        assert.equal(generate(pieces, context), finishCompletion(pieces.join(""), context));
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing in what it has finished, and offers a beginning of what was written", () => {
    fc.assert(
      fc.property(code, code, code, fc.boolean(), (prefix, raw, suffix, isCutOff) => {
        const context = { prefix, suffix, multiline: true };
        const finished = finishCompletion(raw, context, isCutOff);
        assert.equal(finishCompletion(finished, context), finished);
        assert.ok(raw.startsWith(finished));
      }),
      { numRuns: 2000 },
    );
  });
});

/** What the engine does: ask after each token whether to go on, then finish. */
function generate(tokens: readonly string[], context: FilterContext, isCutOff = false): string {
  let text = "";
  for (const token of tokens) {
    text += token;
    if (stopOffset(text, context) !== undefined) return finishCompletion(text, context);
  }
  return finishCompletion(text, context, isCutOff);
}

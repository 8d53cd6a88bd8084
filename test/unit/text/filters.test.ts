import assert from "node:assert/strict";
import fc from "fast-check";
import { type Ending, type FilterContext, finishCompletion, stopOffset } from "../../../src/text/filters";
import { readFilterCases } from "../../support/goldenFilters";

const cases = readFilterCases("test/golden/filters");

const pieces = [
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
  "'''",
  'x = """',
  "x = `",
  "def f():\n",
  "/**",
  "@b",
  "\n@b\n",
  "end",
  "if",
  "fi",
  "done",
  "until",
  "#",
  "@",
  "%",
  "?",
  "catch",
  "begin",
  "public",
  ":",
  "|",
  "FROM",
  "'",
  "${",
  "<<EOF",
  "EOF",
  'r#"',
  '"#',
  "*/",
  " * ",
  "</b>",
  "<b>",
  "// ",
  "a/b",
  "a.py",
];

/** Documents and completions of a few pieces only, so that what belongs together often comes together. */
const written = fc.subarray(pieces, { minLength: 4, maxLength: 10 }).chain((few) => {
  const some = (maxLength: number) => fc.array(fc.constantFrom("\n", ...few), { maxLength });
  const context = {
    prefix: some(20).map(together),
    suffix: some(20).map(together),
    multiline: fc.boolean(),
    hasPathComments: fc.boolean(),
    literalMarks: fc.subarray(["`", '"""', "'''", "/*"]),
  };
  return fc.record({ tokens: some(40), context: fc.record(context), ending: fc.constantFrom("whole", "cut off") });
});

const CLOSING_MARK = /\s*(?:"""|'''|`|\*\/)?$/;

describe("completion filters", () => {
  for (const { file, title, raw, expected, ending, ...context } of cases) {
    it(`${file}: ${title}`, () => {
      assert.equal(finishCompletion(raw, context, ending), expected);
      assert.equal(generate([...raw], context, ending), expected, "fed character by character");
    });
  }

  it("stops early exactly where finishing would cut", () => {
    fc.assert(
      fc.property(written, ({ tokens, context }) => {
        assert.equal(generate(tokens, context), finishCompletion(together(tokens), context));
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing in what it has finished, and offers a beginning of what was written, closed where it has to be", () => {
    fc.assert(
      fc.property(written, ({ tokens, context: given, ending }) => {
        const raw = together(tokens);
        const context = { ...given, multiline: true };
        const finished = finishCompletion(raw, context, ending);
        assert.equal(finishCompletion(finished, context), finished);
        assert.ok(raw.startsWith(finished.replace(CLOSING_MARK, "")));
      }),
      { numRuns: 2000 },
    );
  });
});

function together(tokens: readonly string[]): string {
  return tokens.join("");
}

/** What the engine does: ask after each token whether to go on, then finish. */
function generate(tokens: readonly string[], context: FilterContext, ending?: Ending): string {
  let text = "";
  for (const token of tokens) {
    text += token;
    if (stopOffset(text, context) !== undefined) return finishCompletion(text, context);
  }
  return finishCompletion(text, context, ending);
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { Vocabulary } from "../../../../src/engine/model/vocabulary";

describe("Vocabulary", () => {
  it("finds the tokens that begin with the text to come, as looking at each of them does", () => {
    // Few different bytes, among them the largest: so prefixes are shared, and ends of ranges are met.
    const spelling = fc
      .array(fc.constantFrom("a", "b", "\u2581", "<0xFF>", "<0xFE>", "<0x00>"), { minLength: 1, maxLength: 4 })
      .map((parts) =>
        parts[0]!.startsWith("<0x") ? parts[0]! : parts.filter((part) => !part.startsWith("<0x")).join(""),
      );
    const wanted = fc.array(fc.constantFrom(0, 0x20, 0x61, 0x62, 0xfe, 0xff), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(spelling, { maxLength: 30 }), wanted, (spellings, bytes) => {
        const all = [...spellings, "<control>"];
        const vocabulary = Vocabulary.from(new Map(all.map((one, id) => [one, id])), (one) => one === "<control>");
        const text = Buffer.from(bytes);
        const expected = spellings.flatMap((_, id) => {
          const own = Buffer.from(vocabulary.bytes(id));
          return own.subarray(0, text.length).equals(text) ? [id] : [];
        });
        assert.deepEqual([...vocabulary.beginningWith(text)].sort(byNumber), expected.sort(byNumber));
      }),
    );
  });

  it("has no token whose number can be none", () => {
    for (const id of [4_000_000_000, -1, 0.5, Number.NaN])
      assert.throws(
        () => Vocabulary.from(new Map([["a", id]]), () => false),
        /it has a token with the number /,
        `${id}`,
      );
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}

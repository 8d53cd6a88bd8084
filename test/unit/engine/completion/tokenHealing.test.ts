import assert from "node:assert/strict";
import { heal, Regrowth } from "../../../../src/engine/completion/tokenHealing";
import { Vocabulary } from "../../../../src/engine/model/vocabulary";

const SPELLINGS = [
  "<bos>",
  "▁",
  "▁▁▁▁",
  "return",
  "▁return",
  "▁get",
  "get",
  "Ele",
  "Element",
  "E",
  "ment",
  "(",
  "();",
  ".",
  "<0xC3>",
  "<0xA9>",
  "é",
];
const vocabulary = Vocabulary.from(
  new Map(SPELLINGS.map((spelling, id) => [spelling, id])),
  (spelling) => spelling === "<bos>",
);
const ids = (...spellings: string[]) => spellings.map((spelling) => SPELLINGS.indexOf(spelling));
const text = (tokens: readonly number[]) => Buffer.concat(tokens.map((id) => vocabulary.bytes(id))).toString();

/** `kept|wanted` of a line given as tokens. */
function healed(...spellings: string[]): string {
  const { tokens, wanted } = heal(ids(...spellings), vocabulary);
  return `${text(tokens)}|${Buffer.from(wanted)}`;
}

describe("heal", () => {
  const cases: [string[], string][] = [
    [[], "|"],
    [["▁▁▁▁"], "    |"],
    [["▁▁▁▁", "return"], "    |return"],
    [["▁return", "▁"], " return| "],
    [["▁return", "▁get", "Ele"], " return| getEle"],
    [["get", "Element", "("], "getElement|("],
    [["get", "Element", "."], "getElement|."],
    [["▁get", "Ele", "ment", "Ele", "ment", "Ele"], " getEle|mentElementEle"],
  ];
  for (const [line, expected] of cases) {
    it(`cuts "${line.join("·")}" to "${expected}"`, () => assert.equal(healed(...line), expected));
  }
});

describe("Regrowth", () => {
  it("allows what goes beyond the wanted bytes and what covers a part of them", () => {
    const allowed = new Regrowth(vocabulary, Buffer.from("Ele")).allowed!;
    assert.deepEqual(allowed.map((id) => SPELLINGS[id]).sort(), ["E", "Ele", "Element"]);
  });

  it("hands out only the bytes that are new, and then allows everything", () => {
    const regrowth = new Regrowth(vocabulary, Buffer.from("getE"));
    assert.equal(text(ids("get")), "get");
    assert.equal(Buffer.from(regrowth.take(ids("get")[0]!)).toString(), "");
    assert.equal(Buffer.from(regrowth.take(ids("Element")[0]!)).toString(), "lement");
    assert.equal(regrowth.allowed, undefined);
  });

  it("regrows a character byte by byte", () => {
    const regrowth = new Regrowth(vocabulary, Buffer.from("é"));
    assert.deepEqual(regrowth.allowed!.map((id) => SPELLINGS[id]).sort(), ["<0xC3>", "é"]);
    regrowth.take(ids("<0xC3>")[0]!);
    assert.deepEqual(
      regrowth.allowed!.map((id) => SPELLINGS[id]),
      ["<0xA9>"],
    );
  });

  it("never allows a control token", () => {
    assert.ok(!new Regrowth(vocabulary, Buffer.from("<")).allowed!.includes(SPELLINGS.indexOf("<bos>")));
  });
});

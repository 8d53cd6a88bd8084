import assert from "node:assert/strict";
import fc from "fast-check";
import { heal, Regrowth, regrow, runCut } from "../../../../src/engine/completion/tokenHealing";
import { Vocabulary } from "../../../../src/engine/model/vocabulary";
import { assertClose } from "../../../support/assertClose";
import { FakeModel } from "../../../support/fakeModel";

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

/** The likeliest regrowth of a cut, where before each of its tokens these are likely, as `"▁": 3`; all others have 0. */
function regrown(cut: readonly string[], ...likely: readonly Readonly<Record<string, number>>[]): string {
  const rows = likely.flatMap((row) => SPELLINGS.map((spelling) => row[spelling] ?? 0));
  const wanted = Buffer.from(text(ids(...cut)));
  const { tokens } = regrow({ cut: ids(...cut), wanted }, Float32Array.from(rows), vocabulary);
  return tokens.map((id) => SPELLINGS[id]).join("·");
}

describe("regrow", () => {
  it("does not begin with what is likely by itself, and wrong with what must follow it", () => {
    assert.equal(regrown(["▁get"], { "▁": 9, "▁get": 1 }), "▁get");
    assert.equal(regrown(["get", "E"], { get: 5 }, { E: 1, "(": 8, Element: 4 }), "get·Element");
  });

  it("writes otherwise what is better written otherwise", () => {
    assert.equal(regrown(["Ele", "ment"], { Ele: 2, Element: 3 }, { ment: 1 }), "Element");
    assert.equal(regrown(["Ele", "ment"], { Ele: 6, Element: 1 }, { ment: 6 }), "Ele·ment");
  });

  it("regrows nothing where nothing was cut", () => assert.equal(regrown([]), ""));

  it("tells what could stand in the place of the last token, which is never a control token", () => {
    const allowedFor = (...cut: string[]) => {
      const rows = new Float32Array(SPELLINGS.length * cut.length);
      for (const [index, id] of ids(...cut).entries()) rows[index * SPELLINGS.length + id] = 9;
      const { allowed } = regrow({ cut: ids(...cut), wanted: Buffer.from(text(ids(...cut))) }, rows, vocabulary);
      return allowed.map((id) => SPELLINGS[id]);
    };
    assert.deepEqual(allowedFor("get", "Ele"), ["Ele", "Element"]);
    assert.deepEqual(allowedFor("("), ["(", "();"]);
  });

  it("is as good as the best of all tokenizations that begin as the cut does", () => {
    const piece = fc.constantFrom(
      ...ids("▁", "▁▁▁▁", "return", "▁return", "E", "Ele", "ment", "Element", "<0xC3>", "<0xA9>"),
    );
    const cuts = fc.array(piece, { minLength: 1, maxLength: 4 });
    const logits = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 80, maxLength: 80 });
    fc.assert(
      fc.property(cuts, logits, (cut, numbers) => {
        const size = SPELLINGS.length;
        const rows = Float32Array.from({ length: size * cut.length }, (_, at) => numbers[(at * 7) % 80]!);
        const wanted = Buffer.concat(cut.map((id) => vocabulary.bytes(id)));
        const all = tokenizations(wanted).filter((way) => way.slice(0, -1).every((id, index) => id === cut[index]));
        const shares = all.map((way) => way.reduce((sum, id, index) => sum + share(rows, index, size, id), 0));
        const found = regrow({ cut, wanted }, rows, vocabulary);
        const highest = Math.max(...shares);
        const at = all.findIndex((way) => way.join() === found.tokens.join());
        assertClose(shares[at], highest, 1e-9, `the share of ${found.tokens.join()}`);
        const total = shares.reduce((sum, one) => sum + Math.exp(one), 0);
        assertClose(found.logShare, highest - Math.log(total), 1e-6, "its share of all");
      }),
    );
  });
});

/** Every way to spell text that begins with `wanted`, with no token more than that takes. */
function tokenizations(wanted: Buffer): number[][] {
  return SPELLINGS.flatMap((_, id) => {
    const bytes = Buffer.from(vocabulary.bytes(id));
    const common = Math.min(bytes.length, wanted.length);
    if (common === 0 || !bytes.subarray(0, common).equals(wanted.subarray(0, common))) return [];
    if (common === wanted.length) return [[id]];
    return tokenizations(wanted.subarray(common)).map((rest) => [id, ...rest]);
  });
}

/** ln p of a token under a row of logits. */
function share(rows: Float32Array, index: number, size: number, token: number): number {
  const row = [...rows.subarray(index * size, (index + 1) * size)];
  return row[token]! - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
}

describe("runCut", () => {
  for (const cut of [[], [4], [4, 5, 6]]) {
    it(`gives the logits before each token that was cut off, in one run at most (${cut.length} cut)`, async () => {
      const model = new FakeModel();
      const prompt = await model.forward([1, 2], model.emptyState, [1]);
      const { logits } = await runCut(model, prompt, cut);
      assert.ok(model.runs.length <= 2);
      const given = await new FakeModel().forward(
        [1, 2, ...cut],
        model.emptyState,
        [1, 2, 3].slice(0, cut.length || 1),
      );
      assert.deepEqual(logits, given.logits);
    });
  }

  it("makes no state until it is asked for: where the cut is regrown otherwise, nobody does", async () => {
    const model = new FakeModel();
    const prompt = { state: model.emptyState, logits: new Float32Array(64) };
    const begun = await runCut(model, prompt, [4, 5, 6]);
    assert.equal(model.statesMade, 0);
    assert.equal(begun.state.position, 2);
  });
});

describe("Regrowth", () => {
  it("hands out only the bytes that are new, and then all", () => {
    const regrowth = new Regrowth(vocabulary, Buffer.from("getE"));
    const newOf = (token: string) => Buffer.from(regrowth.take(ids(token)[0]!)).toString();
    assert.deepEqual(["get", "Element", "("].map(newOf), ["", "lement", "("]);
  });
});

import assert from "node:assert/strict";
import { FirstLine, LEAST_SURE } from "../../../../src/engine/completion/firstLine";
import {
  type Choose,
  type Line,
  likeliestLine,
  runsWithin,
  type Start,
} from "../../../../src/engine/completion/likeliestLine";
import { costOfKnown } from "../../../../src/engine/completion/write";
import type { FinishReason } from "../../../../src/protocol/engine";
import { choiceOf, type Likelihoods, likeliestOf } from "../../../support/choices";

const END = 0;
/** A newline, and one with the next line's indentation. */
const NEWLINE = 1;
const INDENTED = 2;
const LETTERS = 3;
const ENDS = { stop: [END], newline: [NEWLINE, INDENTED] };

/** What may come after each text, by letter; `.` ends the text, `n` and `i` the line. */
type Language = Readonly<Record<string, Readonly<Record<string, number>>>>;

const idOf = (letter: string) => ({ ".": END, n: NEWLINE, i: INDENTED })[letter] ?? LETTERS + "abcdef".indexOf(letter);
const textOf = (tokens: readonly number[]) => tokens.map((id) => "abcdef"[id - LETTERS]).join("");

/** Writes greedily in `language` from `start` on, and gives up below `least`. */
function lineIn(language: Language, { tokens: begun, firstLine }: Start, least: number, most = Infinity): Line {
  const tokens = [...begun];
  let finish: FinishReason = "stop";
  while (firstLine.logShare >= least) {
    if (tokens.length - begun.length >= most) {
      finish = "length";
      break;
    }
    const text = textOf(tokens);
    const likelihoods: Likelihoods = Object.fromEntries(
      Object.entries(language[text]!).map(([letter, share]) => [idOf(letter), share]),
    );
    firstLine.noteChosen(choiceOf(likelihoods, { index: tokens.length, text }));
    const token = likeliestOf(likelihoods);
    if (token < LETTERS) break;
    tokens.push(token);
  }
  const cost = { ...costOfKnown({ tokens: [] } as never), generatedTokens: tokens.length - begun.length };
  return { firstLine, written: { text: textOf(tokens), tokens, finish, isSure: firstLine.isSure, cost } };
}

async function searched(language: Language, least = -Infinity, mostRuns = 16, choose?: Choose) {
  const begun: string[] = [];
  const line = await likeliestLine(
    lineIn(language, { tokens: [], firstLine: new FirstLine(ENDS) }, least),
    least,
    mostRuns,
    async (start, least, most) => {
      begun.push(textOf(start.tokens));
      return lineIn(language, start, least, most);
    },
    choose,
  );
  return { ...line.written, begun, besides: line.besides.map(({ text }) => text), starts: line.starts.map(textOf) };
}

/** Ten ways on from `ab`, as the tokens that are looked at are few. */
const MANY_WAYS = { a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.2 };

describe("the likeliest first line", () => {
  it("is the one that was written, without another look, where no other begins more likely", async () => {
    const { text, begun } = await searched({ "": { a: 0.6, b: 0.4 }, a: { b: 1 }, ab: { ".": 1 } });
    assert.deepEqual([text, begun], ["ab", []]);
  });

  it("is one that begins less likely and then has one way to go", async () => {
    const language = { "": { a: 0.5, b: 0.3, c: 0.2 }, a: MANY_WAYS, aa: { n: 1 }, b: { c: 1 }, bc: { n: 1 } };
    const { text, begun, tokens, cost } = await searched(language);
    assert.deepEqual([text, begun, tokens], ["bc", ["b"], [idOf("b"), idOf("c")]]);
    assert.equal(cost.generatedTokens, 3, "the cost is that of both");
  });

  it("has beside it what was found before, the likeliest first", async () => {
    const language = {
      "": { a: 0.6, b: 0.4 },
      a: { a: 0.3, b: 0.25, c: 0.25, d: 0.2 },
      aa: { b: 0.5, c: 0.5 },
      aab: { n: 1 },
      b: { a: 0.6, b: 0.4 },
      ba: { n: 1 },
    };
    const { text, besides } = await searched(language);
    assert.deepEqual([text, besides], ["ba", ["aab"]]);
  });

  it("is one that is chosen, of those that are nearly as likely", async () => {
    const language = {
      "": { a: 0.5, b: 0.3, c: 0.15, d: 0.05 },
      ...{ a: { n: 1 }, b: { n: 1 }, c: { a: 0.6, b: 0.4 }, d: { n: 1 } },
      ...{ ca: { n: 1 }, cb: { n: 1 } },
    };
    let offered: string[] = [];
    const second: Choose = async (lines) => {
      offered = lines.map(({ written }) => written.text);
      return lines[1]!;
    };
    const { text, begun, besides } = await searched(language, -Infinity, 16, second);
    assert.deepEqual([text, besides], ["b", ["a", "ca"]]);
    assert.deepEqual(offered, ["a", "b", "ca"], "the likeliest first");
    assert.deepEqual(begun, ["b", "c"], "what begins much less likely is not looked at");
    assert.equal((await searched({ "": { a: 1 }, a: { n: 1 } }, -Infinity, 16, second)).text, "a", "nothing to choose");
  });

  it("could begin otherwise as the likeliest lines do that were not looked at, or not to their end", async () => {
    const language = {
      "": { a: 0.4, b: 0.35, c: 0.15, d: 0.1 },
      a: { a: 0.9, b: 0.1 },
      aa: { n: 1 },
      b: { a: 0.6, b: 0.4 },
    };
    const { text, begun, starts } = await searched(language, -Infinity, 1);
    assert.deepEqual([text, begun], ["aa", []]);
    assert.deepEqual(starts, ["b", "c", "d", "ab"]);
    const unsure = { ...language, a: { a: 0.75, b: 0.25 } };
    const other = await searched(unsure);
    assert.deepEqual([other.text, other.begun], ["aa", ["b"]]);
    assert.deepEqual(other.starts, ["ba", "c", "bb", "d"]);
  });

  it("ends where all that ends it is likelier together than any way on", async () => {
    const { text, begun } = await searched({ "": { a: 1 }, a: { b: 0.4, n: 0.3, i: 0.2, ".": 0.1 }, ab: { ".": 1 } });
    assert.deepEqual([text, begun], ["a", []]);
  });

  it("says something, however likely it is that nothing comes", async () => {
    const language = { "": { a: 0.4, n: 0.35, i: 0.25 }, a: { b: 0.5, c: 0.5 }, ab: { n: 1 } };
    assert.equal((await searched(language)).text, "ab");
  });

  it("is found where the one that was written was given up", async () => {
    const language = { "": { a: 0.5, b: 0.3 }, a: { a: 0.02, b: 0.019 }, aa: { n: 1 }, b: { n: 1 } };
    const { text, isSure } = await searched(language, LEAST_SURE);
    assert.deepEqual([text, isSure], ["b", true]);
  });

  it("stays given up where nothing is likely enough", async () => {
    const rare = { a: 0.01, b: 0.009 };
    const { isSure, besides } = await searched({ "": rare, a: rare, aa: { n: 1 } }, LEAST_SURE);
    assert.deepEqual([isSure, besides], [false, []]);
  });

  it("is none that did not come to its end in time", async () => {
    const language: Record<string, Record<string, number>> = {
      "": { a: 0.6, b: 0.4 },
      a: { a: 0.5, b: 0.5 },
      aa: { n: 1 },
    };
    for (let text = "b"; text.length < 20; text += "b") language[text] = { b: 1 };
    language["b".repeat(20)] = { n: 1 };
    assert.equal((await searched(language)).text, "aa");
  });

  it("is looked for among the likeliest only", async () => {
    // Each of `b` to `f` leads nowhere, at the price of some tokens.
    const nowhere = { a: 0.5, b: 0.5 };
    const language: Record<string, Record<string, number>> = { "": { a: 0.3, b: 0.2, c: 0.2, d: 0.2, e: 0.1 } };
    for (const first of "abcde") {
      for (let text = first; text.length < 12; text += "a") language[text] = nowhere;
      language[first + "a".repeat(11)] = { n: 1 };
    }
    const { begun, text } = await searched(language);
    assert.equal(text, `a${"a".repeat(11)}`);
    assert.ok(begun.length < 20, `${begun.length} beginnings`);
  });

  it("is looked for as long as there are runs for it, and not in lines that end far away", async () => {
    const language = {
      "": { a: 0.5, b: 0.3, c: 0.2 },
      a: MANY_WAYS,
      aa: { n: 1 },
      b: { c: 1 },
      bc: { d: 1 },
      bcd: { n: 1 },
    };
    const within = async (runs: number) => {
      const { text, begun } = await searched(language, -Infinity, runs);
      return [text, begun];
    };
    assert.deepEqual(await within(0), ["aa", []]);
    assert.deepEqual(await within(1), ["aa", ["b"]]);
    assert.deepEqual(await within(2), ["bcd", ["b"]]);
  });
});

describe("the runs for other lines", () => {
  for (const [what, runs, generatedTokens, draftedTokens, decodeMs] of [
    ["are sixteen at most, where twenty fit", 16, 9, 0, 75],
    ["are those that fit", 5, 9, 0, 300],
    ["are one where one fits", 1, 11, 0, 1200],
    ["are none where one takes longer", 0, 11, 0, 4200],
    ["do not come with several tokens each, as drafted ones do", 2, 9, 5, 300],
    ["are known, too, where the line ended at once", 3, 0, 0, 50],
    ["are sixteen where the line took no time", 16, 4, 0, 0],
  ] as const) {
    it(what, () => assert.equal(runsWithin(150, { generatedTokens, draftedTokens, decodeMs }), runs));
  }

  it("are sixteen, whatever they take, where nobody is impatient", () => {
    const cost = { generatedTokens: 0, draftedTokens: 0, decodeMs: 60_000 };
    assert.equal(runsWithin(Infinity, cost), 16);
  });
});

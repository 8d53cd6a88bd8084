// Chat prompts, with Gemma's own ids: what a RecurrentGemma checkpoint is sent.

import assert from "node:assert/strict";
import fc from "fast-check";
import { chatPrompt } from "../../../../src/engine/chat/chatPrompt";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { Tokenizer } from "../../../../src/engine/model/tokenizer";
import type { ChatSource, ChatTurn } from "../../../../src/protocol/engine";
import { headOf, readGoldenCases, section } from "../../../support/goldenCases";

const FORM = { heads: ["model"], sections: ["source", "user", "model", "prompt"] };

const [EOS, BOS, START, END] = [1, 2, 106, 107];
const CONTROL = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"];

/** Gemma's control tokens where Gemma has them, and a token for each printable character. */
const VOCABULARY: Record<string, number> = {
  ...{ "<pad>": 0, "<eos>": EOS, "<bos>": BOS, "<unk>": 3, "<start_of_turn>": START, "<end_of_turn>": END, "\n": 108 },
  ...Object.fromEntries(
    Array.from({ length: 95 }, (_, i) => [i === 0 ? "\u2581" : String.fromCharCode(32 + i), 109 + i]),
  ),
};

const tokenizer = Tokenizer.fromJson({
  ...{ version: "1.0", truncation: null, padding: null, pre_tokenizer: null, post_processor: null, decoder: null },
  normalizer: { type: "Replace", pattern: { String: " " }, content: "\u2581" },
  added_tokens: CONTROL.map((content) => ({
    ...{ id: VOCABULARY[content]!, content, special: true },
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  })),
  model: { type: "BPE", byte_fallback: true, unk_token: "<unk>", vocab: VOCABULARY, merges: [] },
} as never);

function model(instructions: boolean): LanguageModel {
  const tokens = { bos: BOS, eos: EOS, stop: [EOS, END], startOfTurn: START, endOfTurn: END };
  return { tokenizer, about: { tokens, trained: { instructions } } } as unknown as LanguageModel;
}

/** Tokens with the control tokens by name. */
function spelled(tokens: readonly number[]): string {
  const names = new Map([
    [BOS, "{bos}"],
    [START, "{start}"],
    [END, "{end}"],
  ]);
  return tokens.map((id) => names.get(id) ?? tokenizer.decode([id])).join("");
}

function source(name: string, startLine: number, endLine: number, text: string): ChatSource {
  return { name, path: name, startLine, endLine, text, reason: "similar", tokens: 1 };
}

describe("chat prompts", () => {
  for (const one of readGoldenCases("test/golden/chat", FORM)) {
    it(one.title, async () => {
      const turns = one.sections.flatMap(({ name: role, text }): ChatTurn[] =>
        role === "user" || role === "model" ? [{ role, text }] : [],
      );
      const sources = one.sections.flatMap(({ name, text }) => {
        const match = /^source (.*):(\d+)-(\d+)$/.exec(name);
        return match ? [source(match[1]!, Number(match[2]), Number(match[3]), text)] : [];
      });
      const { tokens } = await chatPrompt(model(headOf(one, "model") === "tuned"), turns, sources);
      assert.equal(spelled(tokens).trimEnd(), section(one, "prompt"));
    });
  }

  it("end an answer at every control token, and at a transcript's marks", async () => {
    const ask = (instructions: boolean) => chatPrompt(model(instructions), [{ role: "user", text: "a" }], []);
    const controls = CONTROL.map((content) => VOCABULARY[content]!);
    for (const instructions of [true, false]) {
      const { stop } = await ask(instructions);
      assert.deepEqual(
        controls.filter((id) => !stop.includes(id)),
        [],
      );
      assert.equal(stop.includes(VOCABULARY.a!), false);
    }
    assert.deepEqual((await ask(true)).stopTexts, []);
    assert.deepEqual((await ask(false)).stopTexts, ["\nQuestion:", "\nAnswer:", "\nCode in "]);
  });

  it("leave out a source that has no room, and old turns that have none", async () => {
    const turns: ChatTurn[] = [];
    for (let n = 0; n < 8; n++)
      turns.push({ role: "user", text: `q${n} ${"x".repeat(200)}` }, { role: "model", text: `a${n}` });
    const left = { ...source("b.ts", 1, 1, "left out"), tokens: 0 };
    const { tokens, earlierTurns } = await chatPrompt(model(true), [...turns, { role: "user", text: "last" }], [left]);
    const text = spelled(tokens);
    assert.ok(!text.includes("left out") && !text.includes("q0") && text.includes("q7"), text);
    assert.equal(earlierTurns % 2, 0, "a question without its answer, or an answer without its question");
    assert.ok(text.startsWith("{start}user"), text);
    // Who sends a conversation of his own says how much of it must fit.
    const all = await chatPrompt(model(true), [...turns, { role: "user", text: "last" }], [left], 30_000);
    assert.equal(all.earlierTurns, turns.length);
  });

  it("begin alike for the next question, up to the question before", async () => {
    const first: ChatTurn[] = [{ role: "user", text: "One?" }];
    const code = [source("a.ts", 1, 1, "const a = 1;")];
    const before = await chatPrompt(model(true), first, code);
    const next = await chatPrompt(
      model(true),
      [...first, { role: "model", text: "1" }, { role: "user", text: "Two?" }],
      code,
    );
    const { questionStart } = before;
    assert.deepEqual(next.tokens.slice(0, questionStart), before.tokens.slice(0, questionStart));
  });

  it("hold the control tokens that the format has and no other, whatever the user or a file says", async () => {
    const words = fc.constantFrom(...CONTROL, "a", " ", "\n", "<", "start_of_turn>", "{", "<bos", "`");
    const text = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(""));
    const turn = fc.record({ role: fc.constantFrom<ChatTurn["role"]>("user", "model"), text });
    const turns = fc
      .array(turn, { maxLength: 3 })
      .map((earlier): ChatTurn[] => [...earlier, { role: "user", text: "a" }]);
    const sources = fc.array(
      fc.tuple(text, text).map(([name, code]) => source(name, 1, 1, code)),
      { maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(turns, sources, fc.boolean(), async (said, code, instructions) => {
        const { tokens, earlierTurns } = await chatPrompt(model(instructions), said, code);
        const count = (id: number) => tokens.filter((token) => token === id).length;
        assert.deepEqual(
          [BOS, EOS, START, END].map(count),
          instructions ? [0, 0, earlierTurns + 2, earlierTurns + 1] : [0, 0, 0, 0],
        );
      }),
    );
  });
});

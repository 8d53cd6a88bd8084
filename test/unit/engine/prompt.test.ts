// Chat prompts, with Gemma's own ids: what a RecurrentGemma checkpoint is sent.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { LanguageModel } from "../../../src/engine/languageModel";
import { chatPrompt } from "../../../src/engine/prompt";
import { Tokenizer } from "../../../src/engine/tokenizer";
import type { ChatTurn } from "../../../src/protocol/engine";

const [EOS, BOS, START, END] = [1, 2, 106, 107];
const CONTROL = ["<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"];

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

/** The prompt with control tokens by name. */
async function spelled(instructions: boolean, turns: readonly ChatTurn[]): Promise<string> {
  const { tokens } = await chatPrompt(model(instructions), turns);
  const names = new Map(
    [BOS, START, END].map((id) => [id, `{${["bos", "start", "end"][[BOS, START, END].indexOf(id)]}}`]),
  );
  return tokens.map((id) => names.get(id) ?? tokenizer.decode([id])).join("");
}

const CONVERSATION: readonly ChatTurn[] = [
  { role: "user", text: "Hello" },
  { role: "model", text: "Hi." },
  { role: "user", text: " How? \n" },
];

describe("chat prompts", () => {
  it("are Gemma's turns for an instruction-tuned model", async () => {
    assert.equal(
      await spelled(true, CONVERSATION),
      "{bos}{start}user\nHello{end}\n{start}model\nHi.{end}\n{start}user\nHow?{end}\n{start}model\n",
    );
    assert.deepEqual((await chatPrompt(model(true), CONVERSATION)).stopTexts, []);
  });

  it("are a transcript for a base model, without a control token but the first", async () => {
    const text = await spelled(false, CONVERSATION);
    assert.match(text, /^\{bos\}[^{}]*\n\nQuestion: Hello\n\nAnswer: Hi\.\n\nQuestion: How\?\n\nAnswer:$/);
    assert.deepEqual((await chatPrompt(model(false), CONVERSATION)).stopTexts, ["\nQuestion:", "\nAnswer:"]);
  });

  it("hold the control tokens that the format has and no other, whatever the user writes", async () => {
    const words = fc.constantFrom(...CONTROL, "a", " ", "\n", "<", "start_of_turn>", "{", "<bos");
    const turn = fc.record({
      role: fc.constantFrom<ChatTurn["role"]>("user", "model"),
      text: fc.array(words, { maxLength: 8 }).map((parts) => parts.join("")),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 4 }), fc.boolean(), async (turns, instructions) => {
        const { tokens } = await chatPrompt(model(instructions), turns);
        const count = (id: number) => tokens.filter((token) => token === id).length;
        assert.equal(tokens[0], BOS);
        assert.deepEqual(
          [BOS, EOS, START, END].map(count),
          instructions ? [1, 0, turns.length + 1, turns.length] : [1, 0, 0, 0],
        );
      }),
    );
  });
});

import assert from "node:assert/strict";
import { measure } from "../../../../src/cli/eval/measure";
import type { LanguageModel } from "../../../../src/engine/languageModel";
import type { State } from "../../../../src/engine/state";

/**
 * A model of bytes that expects each byte to be one more than the one before it: 1 bit when it is, 9 when it is not,
 * but for rounding. It knows only the position of its state, as any state may.
 */
function countingModel(runs: number[]): LanguageModel {
  const model = {
    architecture: { vocabSize: 257 },
    emptyState: { position: 0, layers: [] },
    forward(tokens: readonly number[], state: State, logitRows: readonly number[]) {
      runs.push(tokens.length);
      const logits = new Float32Array(logitRows.length * 257);
      logitRows.forEach((row, index) => {
        logits[index * 257 + tokens[row]! + 1] = Math.log(256);
      });
      return Promise.resolve({ state: { position: state.position + tokens.length, layers: [] }, logits });
    },
  };
  const tokenizer = { encode: (text: string) => Promise.resolve([...Buffer.from(text)]) };
  return { model, tokenizer, about: { tokens: { bos: 64 } } } as unknown as LanguageModel;
}

const text = { id: "a", kind: "text", path: "a.txt", suffix: "" } as const;

describe("measure", () => {
  it("sums the bits of the expected tokens alone, the first of them given the prefix", async () => {
    const result = await measure(countingModel([]), { ...text, prefix: "zz0", expected: "123x" });
    assert(result.kind === "text");
    assert.equal(result.bytes, 4);
    assert(Math.abs(result.bits - (1 + 1 + 1 + 9)) < 0.01, `${result.bits} bits`);
  });

  it("begins after <bos> when there is no prefix", async () => {
    const result = await measure(countingModel([]), { ...text, prefix: "", expected: "AB" });
    assert(result.kind === "text" && Math.abs(result.bits - 2) < 0.01);
  });

  it("gives the same bits however many runs a text takes, and does not run its last token", async () => {
    const runs: number[] = [];
    const expected = Array.from({ length: 200 }, (_, i) => String.fromCharCode(33 + (i % 90))).join("");
    const result = await measure(countingModel(runs), { ...text, prefix: "0123456789", expected });
    assert(result.kind === "text");
    // Three beginnings are not what the model expects: the text's own and its two returns to the first sign.
    assert(Math.abs(result.bits - (197 + 3 * 9)) < 1, `${result.bits} bits`);
    assert.equal(
      runs.reduce((sum, run) => sum + run),
      210,
    );
  });
});

// The bundled model's options (query/key norms, norms after the blocks, windows, the first token as sink) against the
// plain torch forward of training/model/gemma3.py, which made these random models and their golden logits.

import assert from "node:assert/strict";
import { join } from "node:path";
import { bitsOf, greedy } from "../../src/engine/decoding/logits";
import { loadModel } from "../../src/engine/model/loadModel";
import type { Model } from "../../src/engine/model/model";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { Tokenizer } from "../../src/engine/model/tokenizer";
import { BUNDLED_MODEL } from "../support/engineHarness";
import { goldenLogits, largestDifference, rootMeanSquareDifference, runInChunks } from "../support/logits";
import { taskText } from "../support/taskText";

const CHUNKINGS = [[1], [2], [7], [64], [3, 1, 20, 1, 1, 9]];

describe("parity with Gemma 3 in torch", () => {
  async function check(name: string, judge: (logits: Float32Array, golden: Float32Array, what: string) => void) {
    const folder = join("test", "fixtures", name);
    const { tokens, logits: golden } = await goldenLogits(folder);
    const model = await load(folder);
    for (const chunks of CHUNKINGS) judge(await runInChunks(model, tokens, chunks), golden, `chunks of ${chunks}`);
    await model.dispose();
  }

  it("float32: logits within 1e-4 for every chunking", () =>
    check("tiny-gemma", (logits, golden, what) => {
      const difference = largestDifference(logits, golden);
      assert.ok(difference <= 1e-4, `${what}: off by ${difference}`);
    }));

  it("recurrent layers without an MLP: logits within 1e-4 for every chunking", () =>
    check("tiny-griffin", (logits, golden, what) => {
      const difference = largestDifference(logits, golden);
      assert.ok(difference <= 1e-4, `${what}: off by ${difference}`);
    }));

  // An activation between two steps may be rounded either way, and what follows from it is different: on average little.
  for (const [what, name] of [
    ["", "tiny-gemma-int8"],
    [", recurrent layers without an MLP", "tiny-griffin-int8"],
  ] as const) {
    it(`int8${what}: logits near those of torch with the same rounding, for every chunking`, () =>
      check(name, (logits, golden, chunking) => {
        const difference = rootMeanSquareDifference(logits, golden);
        assert.ok(difference <= 0.01, `${chunking}: off by ${difference} on average`);
      }));
  }
});

describe("the bundled model", () => {
  // Its activations are rounded to 8 bits, so the last digit of a sum, which depends on the cut, can tip a rounding.
  it("predicts a text equally well however the text is cut into runs", async () => {
    const tokenizer = await Tokenizer.load(BUNDLED_MODEL);
    const model = await load(BUNDLED_MODEL);
    // Longer than the local layers' window of 512.
    const tokens = [2, ...(await tokenizer.encode(await taskText()))].slice(0, 800);
    const reference = await runInChunks(model, tokens, [128]);
    const expected = bitsPerToken(reference, tokens, model);
    const expectedBest = bestTokens(reference, model);
    for (const chunks of [[64], [7, 100, 1, 33]]) {
      const logits = await runInChunks(model, tokens, chunks);
      const best = bestTokens(logits, model);
      const bits = bitsPerToken(logits, tokens, model);
      const differing = best.filter((token, i) => token !== expectedBest[i]).length;
      const found = `chunks of ${chunks}: ${bits} bits a token instead of ${expected}, ${differing} other best tokens`;
      console.log(`      ${found}`);
      assert.ok(Math.abs(bits / expected - 1) < 0.02 && differing < 0.1 * tokens.length, found);
    }
    await model.dispose();
  });
});

async function load(folder: string): Promise<Model> {
  return loadModel(await readModelFolder(folder), { threads: 0 });
}

function bestTokens(logits: Float32Array, model: Model): number[] {
  return rowsOf(logits, model).map((row) => greedy(row));
}

function bitsPerToken(logits: Float32Array, tokens: readonly number[], model: Model): number {
  const predicting = rowsOf(logits, model).slice(0, -1);
  return predicting.reduce((sum, row, i) => sum + bitsOf(row, tokens[i + 1]!), 0) / predicting.length;
}

function rowsOf(logits: Float32Array, { architecture: { vocabSize } }: Model): Float32Array[] {
  return Array.from({ length: logits.length / vocabSize }, (_, i) =>
    logits.subarray(i * vocabSize, (i + 1) * vocabSize),
  );
}

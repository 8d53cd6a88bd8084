// The whole way from a Hugging Face checkpoint to logits, against DeepMind's own implementation
// (training/make_tiny.py made the checkpoints and the golden logits).

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import type { WeightForm } from "../../src/engine/convert/encode";
import type { Model } from "../../src/engine/model";
import { loadModel, readModelFolder } from "../../src/engine/modelFolder";
import { floatsOf, largestDifference, rootMeanSquareDifference, runInChunks } from "../support/logits";

const TINY = "test/fixtures/tiny";
const NAMES = ["window8", "sharded", "bfloat16", "one-head", "two-attentions", "wide-recurrence"];
/** Tokens per run; a list is cycled through. Each crosses the window's edge, alone or after a few runs. */
const CHUNKINGS = [[1], [2], [7], [64], [1000], [3, 1, 20, 1, 1, 9]];

describe("parity with DeepMind's RecurrentGemma", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "griffin-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function load(name: string, weights: WeightForm): Promise<Model> {
    const outDir = join(folder, `${name}-${weights}`);
    await convertCheckpoint({ checkpointDir: join(TINY, name), outDir, weights, withoutTokenizer: true });
    return loadModel(await readModelFolder(outDir), { threads: 1 });
  }

  for (const name of NAMES) {
    it(`${name}: float32 logits within 1e-4 for every chunking`, async () => {
      const { tokens, logits } = await golden(name);
      const model = await load(name, "float32");
      for (const chunks of CHUNKINGS) {
        const difference = largestDifference(await runInChunks(model, tokens, chunks), logits);
        assert(difference <= 1e-4, `chunks of ${chunks}: off by ${difference}`);
      }
      await model.dispose();
    });
  }

  // The golden logits have a deviation of 3.4; what quantization may cost is known from the first measurement.
  for (const [weights, tolerance] of [
    ["int8", 0.1],
    ["int4", 0.6],
  ] as const) {
    it(`${weights} weights stay near the float32 logits`, async () => {
      for (const name of NAMES) {
        const { tokens, logits } = await golden(name);
        const model = await load(name, weights);
        const error = rootMeanSquareDifference(await runInChunks(model, tokens, [64]), logits);
        assert(error <= tolerance, `${name}: off by ${error} in the mean`);
        await model.dispose();
      }
    });
  }
});

async function golden(name: string): Promise<{ tokens: number[]; logits: Float32Array }> {
  const bytes = await readFile(join(TINY, name, "logits.f32"));
  return {
    tokens: JSON.parse(await readFile(join(TINY, name, "tokens.json"), "utf8")),
    logits: floatsOf(bytes),
  };
}

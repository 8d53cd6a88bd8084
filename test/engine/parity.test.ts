// The whole way from a Hugging Face checkpoint to logits, against DeepMind's own implementation
// (training/fixtures/make_tiny.py made the checkpoints and the golden logits).

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import type { WeightForm } from "../../src/engine/convert/encoding";
import { loadModel } from "../../src/engine/model/loadModel";
import type { Model } from "../../src/engine/model/model";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { goldenLogits, largestDifference, rootMeanSquareDifference, runInChunks } from "../support/logits";
import { useTemporaryFolder } from "../support/temporaryFolder";

const TINY = "test/fixtures/tiny";
const NAMES = ["window8", "sharded", "bfloat16", "one-head", "two-attentions", "wide-recurrence"];
/** Tokens per run; a list is cycled through. Each crosses the window's edge, alone or after a few runs. */
const CHUNKINGS = [[1], [2], [7], [64], [1000], [3, 1, 20, 1, 1, 9]];

const BOUNDS: Readonly<Record<WeightForm, number>> = { float32: 1e-5, int8: 0.03, int4: 0.18 };

describe("parity with DeepMind's RecurrentGemma", () => {
  const folder = useTemporaryFolder("all tests");

  async function load(name: string, weights: WeightForm): Promise<Model> {
    const outDir = folder(`${name}-${weights}`);
    if (!existsSync(outDir)) {
      await convertCheckpoint({ checkpointDir: join(TINY, name), outDir, weights, withoutTokenizer: true });
    }
    return loadModel(await readModelFolder(outDir), { threads: 1 });
  }

  for (const name of NAMES) {
    it(`${name}: float32 logits within 1e-4 for every chunking`, async () => {
      const { tokens, logits } = await goldenLogits(join(TINY, name));
      const model = await load(name, "float32");
      for (const chunks of CHUNKINGS) {
        const difference = largestDifference(await runInChunks(model, tokens, chunks), logits);
        assert(difference <= 1e-4, `chunks of ${chunks}: off by ${difference}`);
      }
      await model.dispose();
    });
  }

  // `npm test -- engine --grep "error table"` prints it. What quantization may cost is known from the first measurement.
  it("error table: the logits' root mean square error, as a share of their deviation", async () => {
    const rows: Record<string, Record<string, string>> = {};
    for (const name of NAMES) {
      const { tokens, logits } = await goldenLogits(join(TINY, name));
      const row: Record<string, string> = {};
      for (const [weights, bound] of Object.entries(BOUNDS) as [WeightForm, number][]) {
        const model = await load(name, weights);
        const error = rootMeanSquareDifference(await runInChunks(model, tokens, [64]), logits) / deviation(logits);
        row[weights] = `${(100 * error).toPrecision(2)} %`;
        assert(error <= bound, `${name}, ${weights}: ${error}`);
        await model.dispose();
      }
      rows[name] = row;
    }
    console.table(rows);
  });
});

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

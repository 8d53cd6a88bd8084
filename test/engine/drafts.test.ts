// Drafts change the speed of decoding and not one token of it: on models with real states, where a wrong one would show.

import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { convertCheckpoint } from "../../src/engine/convert/convertCheckpoint";
import { generateAfter } from "../../src/engine/decoding/generate";
import { Sequence } from "../../src/engine/decoding/sequence";
import { ExactMemory } from "../../src/engine/exactMemory/exactMemory";
import { Recall } from "../../src/engine/exactMemory/recall";
import { loadModel } from "../../src/engine/model/loadModel";
import type { Model, TokenId } from "../../src/engine/model/model";
import { readModelFolder } from "../../src/engine/model/modelFolder";
import { undisturbed } from "../../src/engine/modelAccess";
import { largestDifference } from "../support/logits";
import { useTemporaryFolder } from "../support/temporaryFolder";

/** One whose window slides within a draft, and one with much recurrent state. */
const NAMES = ["window8", "wide-recurrence"];

describe("decoding with drafts", () => {
  const folder = useTemporaryFolder("all tests");

  for (const name of NAMES) {
    it(`picks the same tokens on ${name}, and leaves right states`, async () => {
      const outDir = folder(name);
      const checkpointDir = join("test/fixtures/tiny", name);
      await convertCheckpoint({ checkpointDir, outDir, weights: "float32", withoutTokenizer: true });
      const model = await loadModel(await readModelFolder(outDir), { threads: 1 });
      const { vocabSize } = model.architecture;
      const token = fc.nat(vocabSize - 1);
      let confirmed = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(token, { minLength: 12, maxLength: 30 }),
          fc.array(token, { minLength: 6, maxLength: 20 }),
          fc.nat(8),
          async (remembered, prompt, overlap) => {
            const context = [...prompt, ...remembered.slice(0, overlap)];
            const { tokens: own } = await decode(model, new ExactMemory(), context, false);
            const memory = new ExactMemory();
            memory.setDocument("a", remembered);
            // And what the model says by itself, but for one token: drafts that are right, and one that is not.
            memory.setDocument("b", [
              ...context,
              ...own.map((token, index) => (index === overlap + 4 ? remembered[0]! : token)),
            ]);
            while (memory.work());
            const plain = await decode(model, memory, context, false);
            const drafted = await decode(model, memory, context, true);
            assert.deepEqual(drafted.tokens, plain.tokens);
            assert.ok(largestDifference(drafted.logits, plain.logits) <= 1e-4);
            confirmed += drafted.confirmed;
          },
        ),
        { numRuns: 40 },
      );
      assert.ok(confirmed > 40, `only ${confirmed} drafted tokens were confirmed: this shows nothing`);
      await model.dispose();
    });
  }
});

/** 16 tokens, and the logits that the sequence gives after them. */
async function decode(model: Model, memory: ExactMemory, context: readonly TokenId[], drafts: boolean) {
  const sequence = new Sequence(model);
  const advance = await sequence.advance(context, [], undisturbed);
  const recall = new Recall({ memory, context });
  const tokens: TokenId[] = [];
  const pick = (logits: Float32Array) => {
    const token = recall.pick(logits);
    recall.push(token);
    return token;
  };
  const options = { pick, stop: [], maxTokens: 16, ...(drafts && { draft: (max: number) => recall.draft(max) }) };
  for await (const token of generateAfter(model, sequence, advance, options, undisturbed)) tokens.push(token);
  const { logits } = await sequence.advance([...context, ...tokens], [], undisturbed);
  return { tokens, logits, confirmed: recall.counts.drafted };
}

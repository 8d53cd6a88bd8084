import assert from "node:assert/strict";
import { forEachPrediction } from "../../../../src/engine/decoding/predictions";
import { undisturbed } from "../../../../src/engine/modelAccess";
import { FakeModel, freshLogits } from "../../../support/fakeModel";
import { lastLogitsInChunks, runInChunks } from "../../../support/logits";

const TOKENS = [3, 1, 4, 1, 5, 9, 2, 6];

describe("predictions", () => {
  it("are those of the tokens from the first on, each by the logits before it", async () => {
    const model = new FakeModel();
    for (const first of [1, 3, TOKENS.length - 1]) {
      for (const chunkTokens of [1, 3, 100]) {
        const seen: [logits: Float32Array, token: number][] = [];
        const use = (logits: Float32Array, token: number) => seen.push([logits.slice(), token]);
        await forEachPrediction(model, model.emptyState, TOKENS, first, chunkTokens, undisturbed, use);
        const before = TOKENS.slice(first).map((_, index) => TOKENS.slice(0, first + index));
        const expected = await Promise.all(before.map((tokens) => freshLogits(tokens)));
        assert.deepEqual(
          seen,
          expected.map((logits, index) => [logits, TOKENS[first + index]]),
        );
      }
    }
  });

  it("leave no state after the last run, which nobody wants", async () => {
    const model = new FakeModel();
    await forEachPrediction(model, model.emptyState, TOKENS, 1, 4, undisturbed, () => {});
    assert.deepEqual([model.runs.length, model.statesMade], [2, 1]);
  });
});

describe("logits in chunks", () => {
  it("are those of one run, however it is cut", async () => {
    const model = new FakeModel();
    const { vocabSize } = model.architecture;
    const all = await runInChunks(model, TOKENS, [1, 3]);
    for (const index of TOKENS.keys()) {
      const expected = await freshLogits(TOKENS.slice(0, index + 1));
      assert.deepEqual(all.slice(index * vocabSize, (index + 1) * vocabSize), expected);
    }
  });

  for (const chunks of [[100], [3], [1, 4], [7, 1]]) {
    it(`are computed for the last token alone where no other's are wanted (in chunks of ${chunks})`, async () => {
      const model = new FakeModel();
      const rows: number[] = [];
      const forward = model.forward.bind(model);
      model.forward = (tokens, state, wanted) => {
        rows.push(wanted.length);
        return forward(tokens, state, wanted);
      };
      assert.deepEqual(await lastLogitsInChunks(model, TOKENS, chunks), await freshLogits(TOKENS));
      assert.equal(
        rows.reduce((sum, count) => sum + count, 0),
        1,
      );
      assert.deepEqual(model.runs.flat(), TOKENS);
    });
  }
});

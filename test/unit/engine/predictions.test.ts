import assert from "node:assert/strict";
import { FakeModel, freshLogits } from "../../support/fakeModel";
import { lastLogitsInChunks, runInChunks } from "../../support/logits";

const TOKENS = [3, 1, 4, 1, 5, 9, 2, 6];

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

  it("are computed for the last token alone where no other's are wanted", async () => {
    for (const chunks of [[100], [3], [1, 4], [7, 1]]) {
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
    }
  });
});

import assert from "node:assert/strict";
import { decide } from "../../../../src/engine/base/baseChoice";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { FakeModel } from "../../../support/fakeModel";

describe("the choice of a base", () => {
  it("is the trunk where it is worth more than chance, and says both numbers", async () => {
    const model = new FakeModel();
    const lm = { model } as unknown as LanguageModel;
    const { state } = await model.forward([1], model.emptyState, []);
    const trunk = { state, epoch: 3, renewal: 0 };
    assert.deepEqual(decide(lm, trunk, 1.98, 2), {
      choice: "trunk",
      epoch: 3,
      state,
      isCompared: true,
      reason: "The repository's state helps here: 1.98 bits a token with it, 2.00 without.",
    });
    assert.deepEqual(decide(lm, trunk, 1.99, 2), {
      choice: "empty",
      state: model.emptyState,
      isCompared: true,
      reason: "The repository's state does not help here: 1.99 bits a token with it, 2.00 without.",
    });
  });
});

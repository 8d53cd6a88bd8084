import assert from "node:assert/strict";
import { ReadingPace } from "../../../../src/engine/completion/readingPace";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import type { Model, TokenId } from "../../../../src/engine/model/model";
import { FakeModel } from "../../../support/fakeModel";

/** A model whose runs take as long as a test says. */
class SlowModel extends FakeModel {
  now = 0;
  tokenMs = 1;

  override async forward(...run: Parameters<Model["forward"]>) {
    this.now += this.tokenMs * run[0].length;
    return super.forward(...run);
  }
}

function reading(tuning?: LanguageModel["tuning"]) {
  const model = new SlowModel();
  const lm = { model, ...(tuning && { tuning }) } as unknown as LanguageModel;
  const pace = new ReadingPace(lm, { elapsedMs: () => model.now });
  const timed = pace.timed().model;
  const read = (count: number) => timed.forward(new Array<TokenId>(count).fill(1), timed.emptyState, []);
  return { model, pace, timed, read };
}

describe("the pace of reading", () => {
  it("is not known before anything was read", () => {
    assert.equal(reading().pace.tokenMs, undefined);
  });

  it("is what was measured of the machine, until something is read", async () => {
    const { pace, read } = reading({ tokenMs: 7 });
    assert.equal(pace.tokenMs, 7);
    await read(100);
    assert.equal(pace.tokenMs, 1);
  });

  it("is that of the last runs, whatever one of them took", async () => {
    const { model, pace, read } = reading();
    for (const tokenMs of [2, 2, 50, 2, 2]) {
      model.tokenMs = tokenMs;
      await read(64);
    }
    assert.equal(pace.tokenMs, 2);
    model.tokenMs = 9;
    for (let run = 0; run < 3; run++) await read(64);
    assert.equal(pace.tokenMs, 9);
  });

  it("says nothing of runs of a few tokens, and of those that ask how likely each is", async () => {
    const { model, pace, timed, read } = reading();
    await read(1);
    await read(48);
    await timed.forward(new Array<TokenId>(100).fill(1), model.emptyState, [1, 2, 3]);
    assert.equal(pace.tokenMs, undefined);
  });

  it("leaves the model as it is", async () => {
    const { model, timed } = reading();
    assert.deepEqual([timed.architecture, timed.emptyState], [model.architecture, model.emptyState]);
    const { logits } = await timed.forward([1, 2], timed.emptyState, [1]);
    assert.deepEqual(logits, (await new FakeModel().forward([1, 2], model.emptyState, [1])).logits);
  });
});

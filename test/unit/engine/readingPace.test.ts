import assert from "node:assert/strict";
import type { LanguageModel } from "../../../src/engine/model/languageModel";
import type { Model, TokenId } from "../../../src/engine/model/model";
import { Cancelled, undisturbed } from "../../../src/engine/modelAccess";
import { ReadingPace } from "../../../src/engine/readingPace";
import { Scheduler } from "../../../src/engine/scheduler";
import { FakeModel } from "../../support/fakeModel";

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
  const lm = { model, about: { tokens: { bos: 2 } }, ...(tuning && { tuning }) } as unknown as LanguageModel;
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

  it("is also that of the short runs in which a trunk is read once a run has taken long", async () => {
    const { model, pace, read } = reading();
    model.tokenMs = 9;
    await read(128);
    model.tokenMs = 1;
    for (let run = 0; run < 3; run++) await read(32);
    assert.equal(pace.tokenMs, 1);
    model.tokenMs = 5;
    for (let run = 0; run < 3; run++) await read(32);
    assert.equal(pace.tokenMs, 1, "so short a run takes longer a token in any case");
  });

  it("says nothing of runs of a few tokens, and of those that ask how likely each is", async () => {
    const { model, pace, timed, read } = reading();
    await read(1);
    await read(48);
    await timed.forward(new Array<TokenId>(100).fill(1), model.emptyState, [1, 2, 3]);
    assert.equal(pace.tokenMs, undefined);
  });

  describe("that somebody has to know", () => {
    /** Two folders that begin to read at the same time. */
    function begin() {
      const { model, pace } = reading();
      const scheduler = new Scheduler();
      const [one, other] = [1, 2].map(() => scheduler.start("read", (access) => pace.learn(access)));
      return { model, pace, one: one!, other: other! };
    }

    it("is timed once for folders that want to know it at the same time", async () => {
      const { model, pace, one, other } = begin();
      await Promise.all([one.end, other.end]);
      assert.equal(pace.measuredTokenMs, 1);
      assert.equal(model.runs.length, 3);
    });

    it("is timed on by the other folder where the first is ended before it knows", async () => {
      const { model, pace, one, other } = begin();
      const forward = model.forward.bind(model);
      model.forward = async (...run) => {
        one.cancel("the folder is closed");
        return forward(...run);
      };
      await assert.rejects(one.end, Cancelled);
      await other.end;
      assert.equal(pace.measuredTokenMs, 1);
      assert.equal(model.runs.length, 3);
    });

    it("stays as it was measured, whatever the last runs took", async () => {
      const { model, pace, read } = reading();
      await pace.learn(undisturbed);
      assert.deepEqual([pace.measuredTokenMs, pace.tokenMs], [1, 1]);
      model.tokenMs = 9;
      for (let run = 0; run < 3; run++) await read(64);
      assert.deepEqual([pace.measuredTokenMs, pace.tokenMs], [1, 9]);
    });
  });

  it("leaves the model as it is", async () => {
    const { model, timed } = reading();
    assert.deepEqual([timed.architecture, timed.emptyState], [model.architecture, model.emptyState]);
    const { logits } = await timed.forward([1, 2], timed.emptyState, [1]);
    assert.deepEqual(logits, (await new FakeModel().forward([1, 2], model.emptyState, [1])).logits);
  });
});

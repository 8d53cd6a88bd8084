import assert from "node:assert/strict";
import type { LanguageModel } from "../../../../src/engine/model/languageModel";
import { Cancelled } from "../../../../src/engine/modelAccess";
import { ReadingSpeed } from "../../../../src/engine/repository/readingSpeed";
import { Scheduler } from "../../../../src/engine/scheduler";
import { clocksAt } from "../../../support/clocks";
import { FakeModel } from "../../../support/fakeModel";

describe("how fast the model reads", () => {
  /** Two folders that begin to read at the same time. */
  function begin() {
    const model = new FakeModel();
    const lm = { model, about: { tokens: { bos: 2 } } } as unknown as LanguageModel;
    const speed = new ReadingSpeed(
      lm,
      clocksAt(() => model.runs.flat().length),
    );
    const scheduler = new Scheduler();
    const [one, other] = [1, 2].map(() => scheduler.start("read", (access) => speed.learn(access)));
    return { model, speed, one: one!, other: other! };
  }

  it("is timed once for folders that want to know it at the same time", async () => {
    const { model, speed, one, other } = begin();
    await Promise.all([one.end, other.end]);
    assert.equal(speed.tokenMs, 1);
    assert.equal(model.runs.length, 3);
  });

  it("is timed on by the other folder where the first is ended before it knows", async () => {
    const { model, speed, one, other } = begin();
    const forward = model.forward.bind(model);
    model.forward = async (...run) => {
      one.cancel("the folder is closed");
      return forward(...run);
    };
    await assert.rejects(one.end, Cancelled);
    await other.end;
    assert.equal(speed.tokenMs, 1);
    assert.equal(model.runs.length, 3);
  });
});

import assert from "node:assert/strict";
import { RestartBudget } from "../../../../src/extension/engineProcess/restartBudget";

/** The delays after exits at these seconds. */
const delays = (budget: RestartBudget, seconds: readonly number[], wasLoading = false) =>
  seconds.map((second) => budget.takeRestart(second * 1000, wasLoading));

describe("the budget of restarts", () => {
  it("is used up by six exits within three minutes, with longer and longer pauses before", () => {
    const budget = new RestartBudget();
    assert.deepEqual(delays(budget, [0, 10, 20, 30, 179]), [0, 250, 500, 1000, 2000]);
    assert.equal(budget.takeRestart(179_999, false), undefined);
    assert.ok(!budget.cannotLoad);
    assert.equal(budget.describe(), "6 times within 3 minutes");
    budget.reset();
    assert.equal(budget.takeRestart(179_999, false), 0);
  });

  it("counts no exit that is three minutes old", () => {
    assert.deepEqual(delays(new RestartBudget(), [0, 180, 360, 400, 540]), [0, 0, 0, 250, 250]);
  });

  it("is used up by three exits in a row while the model was loaded, however far apart", () => {
    const budget = new RestartBudget();
    assert.deepEqual(delays(budget, [0, 600], true), [0, 0]);
    budget.loaded();
    assert.deepEqual(delays(budget, [1200, 1800, 2400], true), [0, 0, undefined]);
    assert.ok(budget.cannotLoad);
    assert.equal(budget.describe(), "3 times in a row while it loaded the model");
    budget.reset();
    assert.ok(!budget.cannotLoad);
    assert.deepEqual(delays(budget, [3000, 3600, 4200]), [0, 0, 0]);
  });
});

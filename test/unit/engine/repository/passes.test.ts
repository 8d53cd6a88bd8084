import assert from "node:assert/strict";
import { mock } from "node:test";
import { Cancelled, undisturbed } from "../../../../src/engine/modelAccess";
import { Passes } from "../../../../src/engine/repository/passes";

const RETRY_MS = 20;

describe("passes", () => {
  let begun: number;
  let failures: string[];

  beforeEach(() => {
    begun = 0;
    failures = [];
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => mock.timers.reset());

  function passesOf(pass: (passes: Passes, count: number) => unknown = () => {}, after = Promise.resolve()): Passes {
    const passes: Passes = new Passes({
      pass: async () => {
        begun++;
        await pass(passes, begun);
      },
      onFailure: ({ message }) => failures.push(message),
      retryMs: RETRY_MS,
      after,
    });
    return passes;
  }

  /** Begins one, and waits for all that come of it. */
  async function settledOf(passes: Passes): Promise<void> {
    passes.begin();
    await passes.settled();
  }

  it("begin after what was there before", async () => {
    let isFree = false;
    let free = () => {};
    const before = new Promise<void>((resolve) => {
      free = resolve;
    });
    const passes = passesOf(() => assert.ok(isFree), before);
    const done = settledOf(passes);
    isFree = true;
    free();
    await done;
    assert.deepEqual([begun, failures], [1, []]);
  });

  it("come one more time for all that happens during one", async () => {
    const passes = passesOf((it, count) => {
      if (count === 1) for (let happens = 0; happens < 3; happens++) it.begin();
    });
    await settledOf(passes);
    assert.equal(begun, 2);
  });

  it("are over for whoever asks during one once the last one is", async () => {
    let asked: Promise<unknown> | undefined;
    const passes = passesOf((it, count) => {
      if (count === 1) asked = settledOf(it).then(() => assert.equal(begun, 2));
    });
    await settledOf(passes);
    await asked;
    assert.deepEqual([begun, failures], [2, []]);
  });

  it("are no more when one has failed, unless another is wanted, and one that was ended has not failed", async () => {
    const passes = passesOf((it, count) => {
      if (count === 1) it.want();
      throw count === 1 ? new Error("too odd") : new Cancelled("the user types");
    });
    await settledOf(passes);
    assert.deepEqual([begun, failures], [2, ["too odd"]]);
  });

  it("end where they wait for the model, whose turn may never come", async () => {
    const waiting = { nextRun: () => new Promise<void>(() => {}) };
    const passes = passesOf(async (it, count) => {
      const access = it.accessOf(count === 1 ? waiting : undisturbed);
      const run = access.nextRun();
      if (count === 1) it.endForAnother("a file was switched off");
      await run;
    });
    await settledOf(passes);
    assert.deepEqual([begun, failures], [2, []]);
  });

  it("give no more access to the model once they are ended", async () => {
    let runs = 0;
    const model = { nextRun: async () => void runs++ };
    const passes = passesOf(async (it, count) => {
      if (count > 1) return;
      const access = it.accessOf(model);
      await access.nextRun();
      assert.equal(access.signal?.aborted, false);
      it.endForAnother("reading begins anew");
      assert.equal(access.signal?.aborted, true);
      await access.nextRun();
    });
    await settledOf(passes);
    assert.deepEqual([begun, runs, failures], [2, 1, []]);
  });

  it("and what is done alone come one after the other, also when that fails", async () => {
    const happened: string[] = [];
    const passes = passesOf(() => happened.push("pass"));
    const alone = passes.alone(async () => {
      happened.push("alone");
      throw new Error("no");
    });
    const done = settledOf(passes);
    await assert.rejects(alone, /^Error: no$/);
    await done;
    assert.deepEqual(happened, ["alone", "pass"]);
  });

  it("are tried ever more seldom, until something happens", async () => {
    const passes = passesOf();
    const waits = (count: number) => Array.from({ length: count }, () => passes.nextRetryMs());
    assert.deepEqual(waits(5), [20, 40, 80, 160, 320]);
    assert.deepEqual(waits(20).slice(-2), [240_000, 240_000]);
    await settledOf(passes);
    assert.deepEqual(waits(2), [20, 40]);
  });

  it("that begin by themselves are no reason to try more often", async () => {
    const passes = passesOf((it) => it.wakeAfter(it.nextRetryMs()));
    await settledOf(passes);
    for (const waitMs of [20, 40, 80]) {
      const before = begun;
      mock.timers.tick(waitMs - 1);
      await passes.alone(async () => {});
      assert.equal(begun, before, `${waitMs} ms`);
      mock.timers.tick(1);
      await passes.alone(async () => {});
      assert.equal(begun, before + 1, `${waitMs} ms`);
    }
  });

  it("begin after the shortest wait, and after the last that was told", async () => {
    const passes = passesOf();
    passes.wakeAfter(10);
    passes.wakeAfter(300, 200);
    mock.timers.tick(199);
    await passes.alone(async () => {});
    assert.equal(begun, 0);
    mock.timers.tick(1);
    await passes.alone(async () => {});
    assert.equal(begun, 1);
    passes.wakeAfter(10);
    passes.wakeAfter();
    mock.timers.tick(1_000);
    await passes.alone(async () => {});
    assert.equal(begun, 1);
  });

  it("are over when they are disposed of: the one under way ends, and none begins", async () => {
    let disposing: Promise<void> | undefined;
    const passes = passesOf(async (it) => {
      it.want();
      disposing = it.dispose();
      await it.accessOf(undisturbed).nextRun();
    });
    passes.wakeAfter(10);
    await settledOf(passes);
    await disposing;
    passes.wakeAfter(10);
    mock.timers.tick(1_000);
    await settledOf(passes);
    assert.deepEqual([begun, failures, passes.isDisposed], [1, [], true]);
  });
});

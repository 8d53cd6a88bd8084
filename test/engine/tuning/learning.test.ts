// What is learned of the machine at a quiet moment.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { mock } from "node:test";
import { otherProviders } from "../../../src/engine/model/onnxRuntime";
import { type Learning, learn } from "../../../src/engine/tuning/learn";
import type { ModelTuning } from "../../../src/engine/tuning/tune";
import { inTurn } from "../../../src/engine/tuning/turn";
import { useTemporaryFolder } from "../../support/temporaryFolder";
import { tuningIn, UNDISTURBED } from "../../support/tinyTuning";

const claimOf = (pid: number) => JSON.stringify({ id: "other", pid, host: hostname() });

/** On a machine that is idle, has memory for a trial and a card that cannot be used, unless `others` has it otherwise. */
function learnWith(tuning: ModelTuning, others: Partial<Learning>): Promise<void> {
  return learn({
    tuning,
    modelBytes: 1000,
    measure: () => Promise.reject(new Error("it is known already")),
    tryProvider: () => Promise.reject(new Error("none here")),
    holdReading: () => () => {},
    onLearned: () => {},
    wait: async () => {},
    isIdle: async () => true,
    availableBytes: async () => 3000,
    ...others,
  });
}

describe("tuning at a quiet moment", () => {
  const folder = useTemporaryFolder();

  it("is learned in quiet moments alone, and graphics cards are tried when there is memory for a second copy of the model", async () => {
    const tuning = await tuningIn(folder());
    const idle = [false, false, true, true, true];
    let memoryLooks = 0;
    const measured: number[] = [];
    const tried: string[] = [];
    await learnWith(tuning, {
      measure: async () => {
        measured.push(idle.length);
        // The first time, somebody begins to compile.
        return {
          byThreads: [{ threads: 1, oneRowMs: 1, manyRowsMs: 10 }],
          share: 0.1,
          isDisturbed: measured.length === 1,
        };
      },
      tryProvider: async (provider, threads) => {
        assert.equal(threads, 1, "as many as were measured to be best");
        tried.push(provider);
        throw new Error("none here");
      },
      isIdle: async () => idle.shift() ?? false,
      // Somebody opens many tabs, and closes them again.
      availableBytes: async () => {
        assert.deepEqual(tried, []);
        return ++memoryLooks === 1 ? 2500 : 2700;
      },
    });
    assert.deepEqual(measured, [2, 1]);
    assert.equal(idle.length, 0);
    assert.deepEqual(tried, otherProviders());
    assert.equal((await tuningIn(folder())).untried.length, 0);
  });

  it("is learned before a large model reads, however long others are busy, and while nothing is read", async () => {
    const tuning = await tuningIn(folder());
    let holds = 0;
    let looks = 0;
    const waits: [ms: number, reads: boolean][] = [];
    await learnWith(tuning, {
      measure: async () => {
        assert.equal(holds, 1);
        return UNDISTURBED;
      },
      tryProvider: async () => {
        assert.equal(holds, 1);
        throw new Error("none here");
      },
      holdReading: () => {
        holds++;
        return () => {
          holds--;
        };
      },
      wait: async (ms) => void waits.push([ms / 1000, holds === 0]),
      // The engine itself takes all processors where it may read.
      isIdle: async () => holds === 1 && ++looks > 30,
    });
    assert.equal(tuning.isMeasured, true);
    assert.equal(holds, 0);
    assert.deepEqual(waits.slice(0, 4), [
      [3, false],
      [6, true],
      [12, true],
      [24, true],
    ]);
    assert.deepEqual(waits.at(-1), [120, true]);
  });

  it("is not measured again and again where every measurement is disturbed", async () => {
    let measured = 0;
    await learnWith(await tuningIn(folder()), {
      measure: async () => {
        measured++;
        return { ...UNDISTURBED, isDisturbed: true };
      },
    });
    assert.equal(measured, 10);
  });

  it("is not sought again and again where the machine sleeps in every trial", async () => {
    const tuning = await tuningIn(folder());
    await tuning.use(UNDISTURBED);
    const tried: string[] = [];
    mock.timers.enable({ apis: ["Date"], now: Date.now() });
    try {
      await learnWith(tuning, {
        tryProvider: async (provider) => {
          tried.push(provider);
          mock.timers.setTime(Date.now() + 3_600_000);
          throw new Error("the device was lost");
        },
        wait: async () => assert.ok(tried.length < 100, "it goes on for ever"),
      });
    } finally {
      mock.timers.reset();
    }
    assert.deepEqual(tried, [1, 2, 3].flatMap(otherProviders));
    const findings = Object.values((await tuningIn(folder())).findings);
    assert.deepEqual(new Set(findings.map(({ verdict }) => verdict)), new Set(tried.length > 0 ? ["failed"] : []));
  });

  it("does not look for ever for memory to try a card with, and needs no turn and no idle machine to look", async function () {
    if (otherProviders().length === 0) this.skip();
    const tuning = await tuningIn(folder());
    await tuning.use(UNDISTURBED);
    const nothing = async () => assert.fail("there is no memory for it");
    let looks = 0;
    await learnWith(tuning, {
      measure: nothing,
      tryProvider: nothing,
      wait: async () => assert.ok(looks < 100, "it goes on for ever"),
      isIdle: nothing,
      availableBytes: async () => {
        looks++;
        assert.ok(!existsSync(folder("measuring")));
        return 2500;
      },
    });
    assert.equal(looks, 30);
    assert.deepEqual((await tuningIn(folder())).untried, otherProviders(), "the next engine may have more");
  });

  it("is sought by one window at a time, and by others where that one has died or is silent", async () => {
    const turn = folder("measuring");
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    const owners: Readonly<Record<string, { pid: number; since?: Date; isIn: boolean }>> = {
      alive: { pid: process.ppid, isIn: false },
      dead: { pid: 2 ** 30, isIn: true },
      old: { pid: process.ppid, since: longAgo, isIn: true },
    };
    for (const [name, { pid, since = new Date(), isIn }] of Object.entries(owners)) {
      await writeFile(turn, claimOf(pid));
      await utimes(turn, since, since);
      let hasWorked = false;
      const wasIn = await inTurn(folder(), async () => {
        hasWorked = true;
        assert.equal(JSON.parse(await readFile(turn, "utf8")).pid, process.pid);
      });
      assert.deepEqual([wasIn, hasWorked, existsSync(turn)], [isIn, isIn, !isIn], name);
    }
  });

  it("waits while another window measures, and then takes over what that one has found", async () => {
    const [tuning, other] = await Promise.all([1, 2].map(() => tuningIn(folder())));
    const turn = folder("measuring");
    await writeFile(turn, claimOf(process.ppid));
    let waits = 0;
    await learnWith(tuning!, {
      measure: () => Promise.reject(new Error("it would disturb the other one")),
      wait: async () => {
        if (++waits < 3) return;
        await other!.use(UNDISTURBED);
        await rm(turn, { force: true });
      },
      isIdle: async () => {
        assert.ok(waits < 3 || tuning!.isMeasured);
        return true;
      },
    });
    assert.equal(tuning!.isMeasured, true);
    assert.ok(waits >= 3);
  });

  it("is taken over from a window that was quicker", async () => {
    const [tuning, other] = await Promise.all([1, 2].map(() => tuningIn(folder())));
    const steps: string[] = [];
    await learnWith(tuning!, {
      tryProvider: async () => {
        steps.push("tried");
        throw new Error("none here");
      },
      onLearned: () => void steps.push("learned"),
      wait: () => other!.use(UNDISTURBED),
    });
    assert.deepEqual([tuning!.isMeasured, tuning!.threads], [true, other!.threads]);
    assert.equal(steps[0], "learned", "whoever reads by what is measured is told at once");
  });
});

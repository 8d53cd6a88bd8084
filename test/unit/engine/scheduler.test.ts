import assert from "node:assert/strict";
import { Cancelled, type ModelAccess } from "../../../src/engine/modelAccess";
import { type Priority, Scheduler } from "../../../src/engine/scheduler";
import { FakeClock, settled } from "../../support/fakeClock";

function setUp(...options: ConstructorParameters<typeof Scheduler>) {
  const scheduler = new Scheduler(...options);
  const timeline: string[] = [];
  /** Has `steps` runs, and writes its name at each. */
  const job = (name: string, steps: number, afterStep?: (step: number) => void) => async (access: ModelAccess) => {
    for (let step = 1; step <= steps; step++) {
      await access.nextRun();
      timeline.push(`${name}${step}`);
      afterStep?.(step);
    }
    return name;
  };
  const start = (priority: Priority, ...of: Parameters<typeof job>) => scheduler.start(priority, job(...of));
  return { scheduler, timeline, job, start };
}

describe("Scheduler", () => {
  it("lets a completion through in the middle of a chat's answer", async () => {
    const { timeline, start } = setUp();
    let completion: Promise<string> | undefined;
    const chat = start("chat", "chat", 3, (step) => {
      if (step === 1) completion = start("completion", "complete", 2).end;
    });
    assert.equal(await chat.end, "chat");
    assert.equal(await completion, "complete");
    assert.deepEqual(timeline, ["chat1", "complete1", "complete2", "chat2", "chat3"]);
  });

  it("goes on at once with what somebody has begun to wait for", async () => {
    const { timeline, start } = setUp();
    const ahead = start("ahead", "ahead", 2);
    const raise = (step: number) => step === 1 && ahead.raise("completion");
    const chat = start("chat", "chat", 3, raise);
    await Promise.all([ahead.end, chat.end]);
    assert.deepEqual(timeline, ["chat1", "ahead1", "ahead2", "chat2", "chat3"]);
  });

  it("runs equals in the order of their arrival", async () => {
    const { timeline, start } = setUp();
    await Promise.all(["a", "b"].map((name) => start("completion", name, 2).end));
    assert.deepEqual(timeline, ["a1", "a2", "b1", "b2"]);
  });

  it("lets those that read take turns, below all others", async () => {
    const { timeline, start } = setUp();
    const read = (name: string, steps: number) => start("read", name, steps).end;
    const index = start("index", "index", 2).end;
    await Promise.all([read("a", 4), read("b", 2), read("c", 3), index]);
    assert.deepEqual(timeline, ["index1", "index2", "a1", "b1", "c1", "a2", "b2", "c2", "a3", "c3", "a4"]);
  });

  it("reads when nobody has typed or asked for a second, and is in no key's way until then", async () => {
    const clock = new FakeClock();
    const { scheduler, timeline, start } = setUp(1000, clock);
    const disturb = (step: number) => {
      if (step < 3) scheduler.disturb();
    };
    scheduler.disturb();
    const reading = start("read", "read", 3, disturb).end;
    await start("index", "index", 1).end;
    await clock.advance(999);
    assert.deepEqual(timeline, ["index1"]);
    await clock.advance(1);
    assert.deepEqual(timeline, ["index1", "read1"]);
    await clock.advance(700);
    await start("completion", "complete", 1).end;
    await clock.advance(999);
    assert.deepEqual(timeline, ["index1", "read1", "complete1"]);
    await clock.advance(1);
    assert.deepEqual(timeline, ["index1", "read1", "complete1", "read2"]);
    await clock.advance(1000);
    await reading;
    assert.equal(timeline.at(-1), "read3");
  });

  it("reads nothing while somebody holds it, and can be ended meanwhile", async () => {
    const { scheduler, timeline, start } = setUp();
    const letRead = [scheduler.holdReading(), scheduler.holdReading()];
    const reading = start("read", "read", 1).end;
    const ended = start("read", "ended", 1);
    letRead[0]!();
    await start("index", "index", 1).end;
    await settled();
    ended.cancel("the folder was closed");
    await assert.rejects(ended.end, Cancelled);
    assert.deepEqual(timeline, ["index1"]);
    letRead[1]!();
    await reading;
    assert.deepEqual(timeline, ["index1", "read1"]);
  });

  for (const priority of ["index", "read"] as const) {
    it(`goes on with other folders while one waits for a disk that does not answer: ${priority}`, async () => {
      const clock = new FakeClock();
      const { scheduler, timeline, start } = setUp(0, clock);
      let answer = () => {};
      const disk = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const stuck = scheduler.start(priority, async (access) => {
        await access.nextRun();
        timeline.push("asks the disk");
        await disk;
        await access.nextRun();
        timeline.push("has its answer");
      }).end;
      await settled();
      const other = start("read", "other", 2).end;
      await clock.advance(9_000);
      assert.deepEqual(timeline, ["asks the disk"]);
      await clock.advance(1_000);
      await other;
      assert.deepEqual(timeline.slice(1), ["other1", "other2"]);
      answer();
      await stuck;
      assert.equal(timeline.at(-1), "has its answer");
    });
  }

  it("goes on with a folder that has taken turns with the one whose disk does not answer any more, also with an early timer", async () => {
    const clock = new FakeClock();
    // As Node's: a timer may come a moment too early.
    const early = { now: () => clock.now() - 0.4, after: clock.after.bind(clock) };
    const { scheduler, timeline, job, start } = setUp(0, early);
    const stuck = scheduler.start("read", async (access) => {
      await job("stuck", 3)(access);
      await new Promise(() => {}); // Its disk never answers.
    });
    const other = start("read", "other", 5).end;
    for (let step = 0; step < 20; step++) await clock.advance(0);
    assert.deepEqual(timeline, ["stuck1", "other1", "stuck2", "other2", "stuck3"]);
    await clock.advance(20_000);
    await other;
    assert.deepEqual(timeline.slice(5), ["other3", "other4", "other5"]);
    stuck.cancel("the folder was closed");
  });

  it("waits for a chat that thinks, however long: somebody waits for it", async () => {
    const clock = new FakeClock();
    const { scheduler, timeline, start } = setUp(0, clock);
    let answer = () => {};
    const chat = scheduler.start("chat", () => new Promise<void>((resolve) => (answer = resolve)));
    const reading = start("read", "read", 1).end;
    await clock.advance(60_000);
    assert.deepEqual(timeline, []);
    answer();
    await Promise.all([chat.end, reading]);
    assert.deepEqual(timeline, ["read1"]);
  });

  it("goes on with those behind a job that is cancelled while it waits for something else", async () => {
    const { scheduler, timeline, start } = setUp();
    const chat = scheduler.start("chat", () => new Promise<void>(() => {}));
    const reading = start("read", "read", 1).end;
    await settled();
    assert.deepEqual(timeline, []);
    chat.cancel("stopped");
    await reading;
  });

  it("ends a running job at its next turn", async () => {
    const { timeline, start } = setUp();
    const cancel = (step: number) => {
      if (step === 2) cancelled.cancel("superseded");
    };
    const cancelled = start("completion", "a", 9, cancel);
    await assert.rejects(cancelled.end, (error) => error instanceof Cancelled && error.reason === "superseded");
    assert.deepEqual(timeline, ["a1", "a2"]);
  });

  it("ends a waiting job without waiting for the one before it", async () => {
    const { timeline, start } = setUp();
    const first = start("completion", "a", 5);
    const second = start("chat", "b", 1);
    second.cancel("gone");
    await assert.rejects(second.end, Cancelled);
    assert.ok(timeline.length < 5, "the first job had already ended");
    await first.end;
  });

  it("goes on with the next job when one throws", async () => {
    const { scheduler, start } = setUp();
    const broken = scheduler.start("completion", async (access) => {
      await access.nextRun();
      throw new Error("broken");
    });
    const other = start("chat", "b", 1);
    await assert.rejects(broken.end, /broken/);
    assert.equal(await other.end, "b");
  });

  it("ends what runs, what waits and what is still to come when it is closed", async () => {
    const { scheduler, timeline, start } = setUp();
    const jobs = [start("chat", "a", 9, () => scheduler.close("the end")), start("read", "b", 9)];
    const ends = await Promise.allSettled(jobs.map(({ end }) => end));
    assert.ok(ends.every((end) => end.status === "rejected" && end.reason instanceof Cancelled));
    await assert.rejects(start("completion", "c", 1).end, Cancelled);
    assert.deepEqual(timeline, ["a1"]);
  });
});

import assert from "node:assert/strict";
import { Cancelled, type ModelAccess } from "../../../src/engine/modelAccess";
import { Scheduler } from "../../../src/engine/scheduler";
import { FakeClock, settled } from "../../support/fakeClock";

/** A job of `steps` runs that writes its name at each. */
function job(name: string, steps: number, timeline: string[], afterStep?: (step: number) => void) {
  return async (access: ModelAccess) => {
    for (let step = 1; step <= steps; step++) {
      await access.nextRun();
      timeline.push(`${name}${step}`);
      afterStep?.(step);
    }
    return name;
  };
}

describe("Scheduler", () => {
  it("lets a completion through in the middle of a chat's answer", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    let completion: Promise<string> | undefined;
    const chat = scheduler.start(
      "chat",
      job("chat", 3, timeline, (step) => {
        if (step === 1) completion = scheduler.start("completion", job("complete", 2, timeline)).end;
      }),
    ).end;
    assert.equal(await chat, "chat");
    assert.equal(await completion, "complete");
    assert.deepEqual(timeline, ["chat1", "complete1", "complete2", "chat2", "chat3"]);
  });

  it("goes on at once with what somebody has begun to wait for", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const ahead = scheduler.start("ahead", job("ahead", 2, timeline));
    const raise = (step: number) => step === 1 && ahead.raise("completion");
    const chat = scheduler.start("chat", job("chat", 3, timeline, raise));
    await Promise.all([ahead.end, chat.end]);
    assert.deepEqual(timeline, ["chat1", "ahead1", "ahead2", "chat2", "chat3"]);
  });

  it("runs equals in the order of their arrival", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    await Promise.all(["a", "b"].map((name) => scheduler.start("completion", job(name, 2, timeline)).end));
    assert.deepEqual(timeline, ["a1", "a2", "b1", "b2"]);
  });

  it("lets those that read take turns, below all others", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const start = (name: string, steps: number) => scheduler.start("read", job(name, steps, timeline)).end;
    const index = scheduler.start("index", job("index", 2, timeline)).end;
    await Promise.all([start("a", 4), start("b", 2), start("c", 3), index]);
    assert.deepEqual(timeline, ["index1", "index2", "a1", "b1", "c1", "a2", "b2", "c2", "a3", "c3", "a4"]);
  });

  it("reads when nobody has typed or asked for a second, and is in no key's way until then", async () => {
    const clock = new FakeClock();
    const scheduler = new Scheduler(1000, clock);
    const timeline: string[] = [];
    const disturb = (step: number) => {
      if (step < 3) scheduler.disturb();
    };
    scheduler.disturb();
    const reading = scheduler.start("read", job("read", 3, timeline, disturb)).end;
    await scheduler.start("index", job("index", 1, timeline)).end;
    await clock.advance(999);
    assert.deepEqual(timeline, ["index1"]);
    await clock.advance(1);
    assert.deepEqual(timeline, ["index1", "read1"]);
    await clock.advance(700);
    await scheduler.start("completion", job("complete", 1, timeline)).end;
    await clock.advance(999);
    assert.deepEqual(timeline, ["index1", "read1", "complete1"]);
    await clock.advance(1);
    assert.deepEqual(timeline, ["index1", "read1", "complete1", "read2"]);
    await clock.advance(1000);
    await reading;
    assert.equal(timeline.at(-1), "read3");
  });

  it("reads nothing while somebody holds it, and can be ended meanwhile", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const letRead = [scheduler.holdReading(), scheduler.holdReading()];
    const reading = scheduler.start("read", job("read", 1, timeline)).end;
    const ended = scheduler.start("read", job("ended", 1, timeline));
    letRead[0]!();
    await scheduler.start("index", job("index", 1, timeline)).end;
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
      const scheduler = new Scheduler(0, clock);
      const timeline: string[] = [];
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
      const other = scheduler.start("read", job("other", 2, timeline)).end;
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
    const scheduler = new Scheduler(0, early);
    const timeline: string[] = [];
    const stuck = scheduler.start("read", async (access) => {
      await job("stuck", 3, timeline)(access);
      await new Promise(() => {}); // Its disk never answers.
    });
    const other = scheduler.start("read", job("other", 5, timeline)).end;
    for (let step = 0; step < 20; step++) await clock.advance(0);
    assert.deepEqual(timeline, ["stuck1", "other1", "stuck2", "other2", "stuck3"]);
    await clock.advance(20_000);
    await other;
    assert.deepEqual(timeline.slice(5), ["other3", "other4", "other5"]);
    stuck.cancel("the folder was closed");
  });

  it("waits for a chat that thinks, however long: somebody waits for it", async () => {
    const clock = new FakeClock();
    const scheduler = new Scheduler(0, clock);
    const timeline: string[] = [];
    let answer = () => {};
    const chat = scheduler.start("chat", () => new Promise<void>((resolve) => (answer = resolve)));
    const reading = scheduler.start("read", job("read", 1, timeline)).end;
    await clock.advance(60_000);
    assert.deepEqual(timeline, []);
    answer();
    await Promise.all([chat.end, reading]);
    assert.deepEqual(timeline, ["read1"]);
  });

  it("goes on with those behind a job that is cancelled while it waits for something else", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const chat = scheduler.start("chat", () => new Promise<void>(() => {}));
    const reading = scheduler.start("read", job("read", 1, timeline)).end;
    await settled();
    assert.deepEqual(timeline, []);
    chat.cancel("stopped");
    await reading;
  });

  it("ends a running job at its next turn", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const cancel = (step: number) => {
      if (step === 2) cancelled.cancel("superseded");
    };
    const cancelled = scheduler.start("completion", job("a", 9, timeline, cancel));
    await assert.rejects(cancelled.end, (error) => error instanceof Cancelled && error.reason === "superseded");
    assert.deepEqual(timeline, ["a1", "a2"]);
  });

  it("ends a waiting job without waiting for the one before it", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const first = scheduler.start("completion", job("a", 5, timeline));
    const second = scheduler.start("chat", job("b", 1, timeline));
    second.cancel("gone");
    await assert.rejects(second.end, Cancelled);
    assert.ok(timeline.length < 5, "the first job had already ended");
    await first.end;
  });

  it("goes on with the next job when one throws", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const broken = scheduler.start("completion", async (access) => {
      await access.nextRun();
      throw new Error("broken");
    });
    const other = scheduler.start("chat", job("b", 1, timeline));
    await assert.rejects(broken.end, /broken/);
    assert.equal(await other.end, "b");
  });

  it("ends what runs, what waits and what is still to come when it is closed", async () => {
    const scheduler = new Scheduler();
    const timeline: string[] = [];
    const jobs = [
      scheduler.start(
        "chat",
        job("a", 9, timeline, () => scheduler.close("the end")),
      ),
      scheduler.start("read", job("b", 9, timeline)),
    ];
    const ends = await Promise.allSettled(jobs.map(({ end }) => end));
    assert.ok(ends.every((end) => end.status === "rejected" && end.reason instanceof Cancelled));
    await assert.rejects(scheduler.start("completion", job("c", 1, timeline)).end, Cancelled);
    assert.deepEqual(timeline, ["a1"]);
  });
});

import assert from "node:assert/strict";
import { Reading } from "../../../../src/extension/repository/reading";
import { readingPhrase, summarizeReading } from "../../../../src/extension/repository/readingSummary";
import type { ReadingProgress } from "../../../../src/protocol/engine";
import { settled } from "../../../support/fakeClock";
import { FakeEngineLink } from "../../../support/fakeEngineLink";

function progress(phase: ReadingProgress["phase"], filesRead: number, rest: Partial<ReadingProgress> = {}) {
  return { folder: "/w", phase, filesRead, filesTotal: 940, tokens: filesRead * 10, ...rest };
}

describe("the progress of reading", () => {
  it("is told in words", () => {
    const check = (folder: ReadingProgress, phrase: string): void => {
      assert.equal(readingPhrase(summarizeReading([folder])!), phrase);
    };
    check(progress("listing", 0, { filesTotal: 0 }), "looking for files");
    check(progress("restoring", 0), "restoring what was read before");
    check(progress("reading", 312), "read 312 of 940 files");
    check(progress("reading", 0, { filesTotal: 1 }), "read 0 of 1 file");
    check(progress("reading", 1312, { filesTotal: 12_940 }), "read 1,312 of 12,940 files");
    check(progress("paused", 312), "paused; read 312 of 940 files");
    check(progress("failed", 312), "failed; read 312 of 940 files");
    check(progress("done", 940), "read 940 files");
    check(progress("done", 312), "read 312 of 940 files");
  });

  it("of several folders is their sum, in the phase of the one that has most to do", () => {
    const check = (phases: ReadingProgress["phase"][], phase: ReadingProgress["phase"] | undefined): void => {
      const summary = summarizeReading(phases.map((one, index) => progress(one, 100 * index, { folder: `/${index}` })));
      assert.equal(summary?.phase, phase);
      if (phases.length === 2) assert.deepEqual([summary?.filesRead, summary?.filesTotal], [100, 1880]);
    };
    check([], undefined);
    check(["done", "reading"], "reading");
    check(["paused", "listing"], "listing");
    check(["reading", "restoring"], "reading");
    check(["done", "failed"], "failed");
    check(["done", "done"], "done");
  });

  it("says why it is paused, and what has failed beside what goes on", () => {
    const broken = progress("failed", 0, { folder: "/b", message: "The disk is full. Free some of it." });
    const summary = summarizeReading([progress("reading", 1), broken]);
    assert.deepEqual([summary?.phase, summary?.messages], ["reading", [broken.message]]);
    const paused = progress("paused", 1, { message: "You paused it." });
    assert.deepEqual(summarizeReading([paused, { ...paused, folder: "/b" }])?.messages, ["You paused it."]);
  });
});

describe("Reading", () => {
  function setUp({ isReady = true } = {}) {
    const link = new FakeEngineLink(isReady);
    const reading = new Reading(link);
    reading.setFolders(["/w", "/b"]);
    let changes = 0;
    reading.onChange.on(() => changes++);
    const say = (one: ReadingProgress): void =>
      link.onMessage.fire({ type: "reading", progress: one, residentBytes: 1 });
    return { reading, link, sent: link.sent, say, countChanges: () => changes };
  }

  it("follows each folder, and forgets those that are closed", () => {
    const { reading, say, countChanges } = setUp();
    say(progress("reading", 1));
    say(progress("reading", 2));
    say(progress("done", 5, { folder: "/b" }));
    assert.equal(reading.summary?.filesRead, 7);
    reading.setFolders(["/b"]);
    assert.deepEqual([reading.summary?.phase, reading.summary?.filesRead], ["done", 5]);
    assert.equal(countChanges(), 4);
  });

  it("does not hear what was still said of a folder that was closed", () => {
    const { reading, say } = setUp();
    reading.setFolders(["/b"]);
    say(progress("reading", 1));
    assert.deepEqual([reading.summary, reading.isGoingOn], [undefined, false]);
    reading.setFolders(["/b", "/w"]);
    say(progress("reading", 1));
    assert.ok(reading.isGoingOn);
  });

  it("says whether every file was looked into, also while it is paused, and not while all are looked into anew", () => {
    const { reading, link, say } = setUp();
    const check = (isLookedThrough: boolean): void => assert.equal(reading.isLookedThrough, isLookedThrough);
    check(false);
    say(progress("reading", 0));
    for (const phase of ["restoring", "listing", "paused"] as const) {
      say(progress(phase, 0, { folder: "/b" }));
      check(false);
    }
    for (const phase of ["reading", "paused", "done"] as const) {
      say(progress(phase, 0, { folder: "/b" }));
      check(true);
    }
    say(progress("listing", 0));
    check(false);
    say(progress("done", 0));
    link.onGone.fire("the engine ended");
    check(false);
    reading.setFolders(["/w", "/b"]);
    check(false);
  });

  it("is waited for until every file was looked into, or nobody waits any more", async () => {
    const { reading, say } = setUp();
    const waits: string[] = [];
    const given = new AbortController();
    void reading.waitUntilLookedThrough(given.signal).then(() => waits.push("given up"));
    void reading.waitUntilLookedThrough(new AbortController().signal).then(() => waits.push("looked through"));
    say(progress("reading", 0));
    await settled();
    assert.deepEqual(waits, []);
    given.abort();
    await settled();
    assert.deepEqual(waits, ["given up"]);
    say(progress("reading", 0, { folder: "/b" }));
    await settled();
    assert.deepEqual(waits, ["given up", "looked through"]);
  });

  for (const phase of ["paused", "failed"] as const) {
    it(`is not waited for where no more files are looked into for now (${phase})`, async () => {
      const { reading, say } = setUp();
      assert.equal(reading.isLooking, true);
      say(progress("reading", 0));
      say(progress("listing", 0, { folder: "/b" }));
      const waiting = reading.waitUntilLookedThrough(new AbortController().signal);
      assert.equal(reading.isLooking, true);
      say(progress(phase, 0, { folder: "/b" }));
      await waiting;
      assert.deepEqual([reading.isLooking, reading.isLookedThrough], [false, false]);
    });
  }

  it("knows nothing once the engine has gone", () => {
    const { reading, link, say } = setUp();
    say(progress("reading", 1));
    link.onGone.fire("the engine ended");
    assert.equal(reading.summary, undefined);
  });

  it("pauses and resumes, and tells the next engine too", () => {
    const { reading, sent } = setUp();
    reading.setPaused(true);
    reading.tellPause();
    reading.setPaused(false);
    const reasons = sent.map((message) => message.type === "pauseReading" && message.reason);
    assert.deepEqual(reasons, ["You paused it.", "You paused it.", undefined]);
  });

  it("is paused while the model would read, and not while the engine looks for files all the same", () => {
    const { reading, say } = setUp();
    reading.setOnBattery(true);
    for (const [phase, shown] of [
      ["listing", "listing"],
      ["restoring", "restoring"],
      ["reading", "paused"],
      ["paused", "paused"],
      ["done", "done"],
    ] as const) {
      say(progress(phase, 0));
      assert.equal(reading.summary?.phase, shown);
    }
  });

  it("remembers a pause while there is no engine", () => {
    const { reading, sent } = setUp({ isReady: false });
    reading.setPaused(true);
    assert.deepEqual([reading.isPaused, sent], [true, []]);
  });

  it("pauses for a measurement, also one that fails, and nothing is there for the user to resume", async () => {
    const { reading, sent } = setUp();
    const measuring = reading.pausedDuring(async () => {
      assert.ok(!reading.isPaused);
      throw new Error("no time");
    });
    await assert.rejects(measuring, /no time/);
    assert.deepEqual(
      sent.map((message) => message.type === "pauseReading" && message.reason),
      ["The speed of this machine is being measured.", undefined],
    );
  });

  it("pauses on battery, unless the user wants it there, until the power is back", () => {
    const { reading, sent } = setUp();
    reading.setOnBattery(true);
    reading.setOnBattery(true);
    assert.ok(reading.isPaused);
    reading.setPaused(false);
    assert.ok(!reading.isPaused);
    reading.setOnBattery(false);
    reading.setPaused(false);
    reading.setOnBattery(true);
    assert.ok(reading.isPaused, "what was wanted on battery once is not wanted for ever");
    reading.setPaused(true);
    reading.setOnBattery(false);
    assert.ok(reading.isPaused, "power does not resume what the user has paused");
    const [battery, user] = ["This machine is running on battery.", "You paused it."];
    assert.deepEqual(
      sent.map((message) => message.type === "pauseReading" && message.reason),
      [battery, undefined, undefined, undefined, battery, user, user],
    );
  });
});

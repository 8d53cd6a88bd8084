import assert from "node:assert/strict";
import { mock } from "node:test";
import { EngineRest } from "../../../../src/extension/engineProcess/engineRest";
import { EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { FakeClock, settled } from "../../../support/fakeClock";
import { fakeEngines } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";

const MINUTE_MS = 60_000;

function setUp(afterMinutes = 15, mayStay = false) {
  const clock = new FakeClock();
  const log = new FakeLog();
  const { processes, launch } = fakeEngines();
  const supervisor = new EngineSupervisor(launch, () => ({ modelFolder: "", threads: 0 }), clock, log);
  const work = { isGoingOn: false };
  const room = { mayStay, looks: 0 };
  const rest = new EngineRest({
    supervisor,
    isAtWork: () => work.isGoingOn,
    afterMinutes: () => afterMinutes,
    mayStay: async () => {
      room.looks++;
      return room.mayStay;
    },
    clock,
    log,
  });
  supervisor.start();
  processes[0]!.getReady();
  const state = () => supervisor.status.type;
  const isResting = () => supervisor.isStopped("resting");
  return { clock, processes, supervisor, state, isResting, work, room, rest };
}

describe("the engine's rest", () => {
  it("comes when nobody was at the window for a while, and ends when somebody is", async () => {
    const { clock, processes, state, rest } = setUp();
    rest.windowFocused(false);
    await clock.advance(15 * MINUTE_MS - 1);
    assert.equal(state(), "ready");
    await clock.advance(1);
    assert.equal(state(), "stopped");
    assert.ok(processes[0]!.isKilled);
    rest.windowFocused(true);
    await settled();
    assert.equal(state(), "starting");
    processes[1]!.getReady();
    rest.windowFocused(true);
    assert.deepEqual([state(), processes.length], ["ready", 2]);
  });

  it("does not come to who is back in time, to what is at work, or where it is not wanted", async () => {
    const { clock, state, work, rest } = setUp();
    rest.windowFocused(false);
    await clock.advance(14 * MINUTE_MS);
    rest.windowFocused(true);
    await clock.advance(60 * MINUTE_MS);
    assert.equal(state(), "ready");

    rest.windowFocused(false);
    work.isGoingOn = true;
    await clock.advance(60 * MINUTE_MS);
    assert.equal(state(), "ready");
    work.isGoingOn = false;
    await clock.advance(MINUTE_MS);
    assert.equal(state(), "stopped");

    const unwanted = setUp(0);
    unwanted.rest.windowFocused(false);
    await unwanted.clock.advance(600 * MINUTE_MS);
    assert.equal(unwanted.state(), "ready");
  });

  it("comes after four times as long to what may stay, and sooner once it may not", async () => {
    const { clock, state, room, rest } = setUp(15, true);
    rest.windowFocused(false);
    await clock.advance(45 * MINUTE_MS);
    rest.worked();
    await clock.advance(60 * MINUTE_MS - 1);
    assert.equal(state(), "ready");
    await clock.advance(1);
    assert.deepEqual([state(), room.looks], ["stopped", 6]);

    const short = setUp(15, true);
    short.rest.windowFocused(false);
    await short.clock.advance(20 * MINUTE_MS);
    short.room.mayStay = false;
    await short.clock.advance(10 * MINUTE_MS);
    assert.equal(short.state(), "stopped");
  });

  const MEANWHILE: Readonly<Record<string, (found: ReturnType<typeof setUp>) => void>> = {
    "who is back": ({ rest }) => rest.windowFocused(true),
    "what begins": ({ work }) => {
      work.isGoingOn = true;
    },
    "a window that ends": ({ rest }) => rest.dispose(),
  };
  for (const [what, happen] of Object.entries(MEANWHILE)) {
    it(`does not come to ${what} while the memory is looked at`, async () => {
      const found = setUp();
      const { clock, state, room, rest } = found;
      rest.windowFocused(false);
      await clock.advance(15 * MINUTE_MS - 1);
      Object.defineProperty(room, "mayStay", { get: () => happen(found) });
      await clock.advance(1);
      assert.equal(state(), "ready");
    });
  }

  it("does not come because of a sleep, and wakes the window up once a minute until it comes", async () => {
    const { clock, state, rest } = setUp();
    const { mock: timers } = mock.method(clock, "after");
    rest.windowFocused(false);
    await clock.sleep(8 * 60 * MINUTE_MS);
    await clock.advance(14 * MINUTE_MS - 1);
    assert.deepEqual([state(), timers.callCount()], ["ready", 15]);
    await clock.advance(1);
    assert.equal(state(), "stopped");
  });

  it("comes again when something else has started the engine far from the keyboard", async () => {
    const { clock, processes, supervisor, isResting, rest } = setUp();
    rest.windowFocused(false);
    await clock.advance(15 * MINUTE_MS);
    assert.ok(isResting());
    supervisor.start();
    await settled();
    processes[1]!.getReady();
    assert.ok(!isResting());
    await clock.advance(15 * MINUTE_MS);
    assert.ok(isResting());
  });

  it("comes later when something was asked meanwhile, and when the engine was just starting", async () => {
    const { clock, processes, supervisor, state, rest } = setUp();
    rest.windowFocused(false);
    await clock.advance(14 * MINUTE_MS);
    rest.worked();
    await clock.advance(14 * MINUTE_MS);
    assert.equal(state(), "ready");
    const restarted = supervisor.restart();
    await clock.advance(10_000);
    await restarted;
    processes[1]!.getReady();
    await clock.advance(15 * MINUTE_MS - 1);
    assert.equal(state(), "ready");
    await clock.advance(1);
    assert.equal(state(), "stopped");
  });

  it("does not start an engine that was not put to rest, nor one that was started meanwhile", async () => {
    const { clock, processes, supervisor, rest } = setUp();
    for (const why of ["notNeeded", "unloaded"] as const) {
      await supervisor.stop(why);
      rest.windowFocused(false);
      await clock.advance(60 * MINUTE_MS);
      rest.windowFocused(true);
      await settled();
      assert.deepEqual([supervisor.status, processes.length], [{ type: "stopped", why }, 1]);
    }

    supervisor.start();
    await settled();
    processes[1]!.getReady();
    rest.windowFocused(false);
    await clock.advance(15 * MINUTE_MS);
    supervisor.start();
    rest.windowFocused(true);
    await settled();
    assert.equal(processes.length, 3);
  });
});

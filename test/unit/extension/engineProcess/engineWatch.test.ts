import assert from "node:assert/strict";
import { EngineClient } from "../../../../src/extension/engineProcess/engineClient";
import { EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { EngineWatch } from "../../../../src/extension/engineProcess/engineWatch";
import { FakeClock } from "../../../support/fakeClock";
import { fakeEngines } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";

/** An engine that is ready. */
function setUp() {
  const clock = new FakeClock();
  const log = new FakeLog();
  const { processes, launch } = fakeEngines();
  const supervisor = new EngineSupervisor(launch, () => ({ modelFolder: "/models/small", threads: 2 }), clock, log);
  const client = new EngineClient(supervisor);
  new EngineWatch({ supervisor, client, clock, log });
  supervisor.start();
  const engine = processes[0]!;
  engine.getReady();
  const pings = () => engine.received.filter(({ type }) => type === "ping").length;
  return { clock, log, processes, supervisor, client, engine, pings };
}

describe("EngineWatch", () => {
  it("ends an engine that has not answered for a minute, which then starts again as after a crash", async () => {
    const { clock, log, client, engine, processes } = setUp();
    const answer = client.countTokens("text");
    await clock.advance(59_000);
    assert.equal(engine.isKilled, false);
    await clock.advance(1000);
    assert.ok(engine.isKilled);
    const gone = "The engine stopped before this finished (it hung). Try again when it is ready.";
    assert.deepEqual(await answer, { type: "failed", message: gone });
    assert.ok(log.lines.some((line) => line.includes("has not answered for 60 seconds")));
    await clock.advance(0);
    assert.equal(processes.length, 2);
  });

  it("waits for no end of one that is stuck where nothing ends it", async () => {
    const { clock, client, engine, processes } = setUp();
    engine.killAtOnce = () => {};
    const answer = client.countTokens("text");
    await clock.advance(60_000);
    assert.equal((await answer).type, "failed");
    await clock.advance(0);
    assert.equal(processes.length, 2);
  });

  it("lets an engine work for as long as it says that it is there", async () => {
    const { clock, client, engine, pings } = setUp();
    void client.countTokens("text");
    for (let minute = 0; minute < 30; minute++) {
      await clock.advance(45_000);
      engine.say({ type: "pong", residentBytes: 1 });
      await clock.advance(15_000);
    }
    assert.equal(engine.isKilled, false);
    assert.equal(pings(), 31);
  });

  it("notices one that hangs later on, also when what waited was cancelled and asked anew", async () => {
    const { clock, client, engine } = setUp();
    void client.countTokens("text");
    engine.say({ type: "pong", residentBytes: 1 });
    for (let second = 0; second < 80 && !engine.isKilled; second++) {
      const controller = new AbortController();
      void client.report(controller.signal);
      await clock.advance(1000);
      controller.abort();
    }
    assert.ok(engine.isKilled);
  });

  it("takes only an answer for one: what else comes the engine may have said before it hung", async () => {
    const { clock, client, engine } = setUp();
    void client.countTokens("text");
    await clock.advance(59_000);
    engine.say({ type: "chatText", id: 2, text: "It" });
    await clock.advance(1000);
    assert.ok(engine.isKilled);
  });

  it("asks nothing while nobody waits", async () => {
    const { clock, client, engine, pings } = setUp();
    await clock.advance(600_000);
    assert.equal(pings(), 0);
    const answer = client.countTokens("text");
    engine.say({ type: "pong", residentBytes: 1 });
    engine.say({ type: "result", of: "countTokens", id: 1, result: { type: "success", count: 1 } });
    await answer;
    await clock.advance(600_000);
    assert.equal(pings(), 1);
    void client.countTokens("text");
    assert.equal(pings(), 2);
  });

  it("does not count the time in which the machine sleeps", async () => {
    const { clock, client, engine } = setUp();
    void client.countTokens("text");
    await clock.advance(1500);
    await clock.sleep(8 * 3_600_000);
    await clock.advance(50_000);
    assert.equal(engine.isKilled, false);
  });

  it("leaves the next engine alone when the one before has gone", async () => {
    const { clock, client, engine, processes } = setUp();
    void client.countTokens("text");
    engine.exit("exit code 1");
    await clock.advance(0);
    assert.equal(processes.length, 2);
    processes[1]!.getReady();
    await clock.advance(600_000);
    assert.equal(processes[1]!.isKilled, false);
  });
});

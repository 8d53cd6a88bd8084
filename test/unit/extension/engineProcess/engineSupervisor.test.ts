import assert from "node:assert/strict";
import { mock } from "node:test";
import { EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { PROTOCOL_VERSION } from "../../../../src/protocol/engine";
import { FakeClock, settled } from "../../../support/fakeClock";
import { type FakeEngineProcess, fakeEngines } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";

function setUp() {
  const clock = new FakeClock();
  const log = new FakeLog();
  const { processes, launch } = fakeEngines();
  const settings = { modelFolder: "/models/small", threads: 2 };
  const supervisor = new EngineSupervisor(launch, () => ({ ...settings }), clock, log);
  const timeline: string[] = [];
  supervisor.onStatus.on(({ type }) => timeline.push(type));
  const failure = () => (supervisor.status.type === "failed" ? supervisor.status.message : undefined);
  /** Lets one engine after the other end, until the supervisor gives up. */
  const endUntilFailed = async (reason: string, before: (engine: FakeEngineProcess) => unknown = () => {}) => {
    while (processes.length < 20 && failure() === undefined) {
      await before(processes.at(-1)!);
      processes.at(-1)!.exit(reason);
      await clock.advance(10_000);
    }
  };
  return { clock, log, processes, settings, supervisor, timeline, failure, endUntilFailed };
}

function started() {
  const made = setUp();
  made.supervisor.start();
  return made;
}

function sayHello(engine: FakeEngineProcess): void {
  engine.say({ type: "hello", protocolVersion: PROTOCOL_VERSION });
}

describe("EngineSupervisor", () => {
  it("shakes hands before anything else is sent", () => {
    const { supervisor, processes, timeline } = started();
    assert.equal(supervisor.send({ type: "close", uri: "a" }), false, "dropped before ready");
    processes[0]!.getReady();
    assert.equal(supervisor.send({ type: "close", uri: "a" }), true);
    assert.deepEqual(timeline, ["starting", "ready"]);
    assert.deepEqual(processes[0]!.received, [
      { type: "start", protocolVersion: PROTOCOL_VERSION, modelFolder: "/models/small", options: { threads: 2 } },
      { type: "close", uri: "a" },
    ]);
  });

  it("starts only once", () => {
    const { supervisor, processes } = started();
    supervisor.start();
    assert.equal(processes.length, 1);
  });

  it("refuses to talk to another version, and says what to do", () => {
    const { processes, failure } = started();
    processes[0]!.say({ type: "hello", protocolVersion: PROTOCOL_VERSION + 1 });
    assert.match(failure()!, /different versions.*Reload the window\.$/);
    assert.ok(processes[0]!.isKilled);
  });

  it("shows the engine's own words when the model cannot be loaded, and does not try again", async () => {
    const { processes, clock, failure } = started();
    sayHello(processes[0]!);
    processes[0]!.say({ type: "failed", message: "There is no model.json in /models/small. Do this." });
    await clock.advance(60_000);
    assert.equal(failure(), "There is no model.json in /models/small. Do this.");
    assert.equal(processes.length, 1);
  });

  it("adds to them what to do in the editor, where the model is at fault", () => {
    const { processes, failure } = started();
    sayHello(processes[0]!);
    processes[0]!.say({ type: "failed", message: "There is no folder /models/small.", fault: "noFolder" });
    assert.match(failure()!, /^There is no folder \/models\/small\. If its disk is not connected, connect it/);
  });

  it("restarts after a crash at once, and tells those who wait", async () => {
    const { supervisor, processes, clock, timeline } = setUp();
    const gone: string[] = [];
    supervisor.onGone.on((reason) => gone.push(reason));
    supervisor.start();
    processes[0]!.getReady();
    processes[0]!.exit("signal SIGSEGV");
    await clock.advance(0);
    processes[1]!.getReady();
    assert.deepEqual(timeline, ["starting", "ready", "starting", "starting", "ready"]);
    assert.deepEqual(gone, ["The engine stopped before this finished (signal SIGSEGV). Try again when it is ready."]);
  });

  it("tells the engine after one that hung, and no later one, when that one was ready", async () => {
    const { supervisor, processes, clock } = setUp();
    mock.timers.enable({ apis: ["Date"] });
    try {
      supervisor.start();
      mock.timers.setTime(5000);
      for (const end of [() => supervisor.endHanging(), () => processes[1]!.exit("signal SIGSEGV")]) {
        processes.at(-1)!.getReady();
        end();
        await clock.advance(1000);
      }
      processes[2]!.getReady();
    } finally {
      mock.timers.reset();
    }
    const hung = processes.map(({ received }) => received[0]?.type === "start" && received[0].hungEngineReadyAt);
    assert.deepEqual(hung, [undefined, 5000, undefined]);
  });

  it("gives up on a crash loop with one sentence and a next step", async () => {
    const { processes, failure, endUntilFailed } = started();
    await endUntilFailed("exit code 1");
    assert.equal(processes.length, 6);
    assert.match(failure()!, /ended 6 times within 3 minutes \(last: exit code 1\).*Restart Engine/);
  });

  it("gives up on a model that ends each engine that loads it, however long that takes, and names memory", async () => {
    const { processes, clock, failure, endUntilFailed } = started();
    await endUntilFailed("signal SIGKILL", (engine) => {
      sayHello(engine);
      return clock.advance(5 * 60_000);
    });
    assert.equal(processes.length, 3);
    assert.match(failure()!, /ended 3 times in a row while it loaded the model \(last: signal SIGKILL\)/);
    assert.match(failure()!, /more memory than is free.*smaller one with "Griffin: Choose a Model".*Restart Engine/);
  });

  it("names what ends each engine where that is known, before it says hello and while it loads", async () => {
    for (const saysHello of [false, true]) {
      const { failure, endUntilFailed } = started();
      await endUntilFailed("signal SIGILL", saysHello ? sayHello : undefined);
      assert.match(failure()!, /will not be restarted\. This machine's processor lacks instructions.*Restart Engine/);
      assert.doesNotMatch(failure()!, /memory/);
    }
  });

  it("goes on when a model was loaded in between", async () => {
    const { processes, clock, failure } = started();
    for (let exit = 0; exit < 12; exit++) {
      if (exit % 3 === 2) processes.at(-1)!.getReady();
      else sayHello(processes.at(-1)!);
      await clock.advance(60_000);
      processes.at(-1)!.exit("signal SIGKILL");
      await clock.advance(1000);
    }
    assert.equal(failure(), undefined);
    assert.equal(processes.length, 13);
  });

  it("has a fresh budget after a restart by the user", async () => {
    const { supervisor, processes, clock, failure, endUntilFailed } = started();
    await endUntilFailed("exit code 1");
    await supervisor.restart();
    processes.at(-1)!.exit("exit code 1");
    await clock.advance(0);
    assert.equal(failure(), undefined);
    assert.equal(processes.length, 8);
  });

  it("fails when the engine does not say hello", async () => {
    const { processes, clock, failure } = started();
    await clock.advance(30_000);
    assert.match(failure()!, /did not answer within 30 seconds/);
    assert.ok(processes[0]!.isKilled);
  });

  it("does not count the time in which the machine sleeps before the engine says hello", async () => {
    const { supervisor, processes, clock, failure } = started();
    await clock.advance(1500);
    await clock.sleep(8 * 3_600_000);
    await clock.advance(27_000);
    assert.equal(failure(), undefined);
    processes[0]!.getReady();
    await clock.advance(60_000);
    assert.equal(supervisor.status.type, "ready");
  });

  it("gives a slow model the time it takes, but not for ever: what loads it may hang", async () => {
    const { supervisor, processes, clock, failure } = started();
    sayHello(processes[0]!);
    await clock.advance(15 * 60_000 - 1);
    assert.equal(supervisor.status.type, "starting");
    await clock.advance(1);
    assert.match(failure()!, /did not load the model within 15 minutes/);
    assert.ok(processes[0]!.isKilled);
  });

  it("restarts with the settings of now, also after it has failed", async () => {
    const { supervisor, processes, settings } = started();
    processes[0]!.say({ type: "failed", message: "no model" });
    settings.modelFolder = "/models/other";
    await supervisor.restart();
    processes[1]!.getReady();
    assert.equal(supervisor.status.type, "ready");
    const start = processes[1]!.received[0]!;
    assert.equal(start.type === "start" && start.modelFolder, "/models/other");
  });

  it("starts one engine when it is restarted twice at once", async () => {
    const { supervisor, processes } = started();
    await Promise.all([supervisor.restart(), supervisor.restart()]);
    assert.equal(processes.length, 2);
    assert.deepEqual(
      processes.map(({ isKilled }) => isKilled),
      [true, false],
    );
  });

  it("does not take a stop for a crash", async () => {
    const { supervisor, processes, clock } = started();
    processes[0]!.getReady();
    await supervisor.stop();
    await clock.advance(60_000);
    assert.equal(supervisor.status.type, "stopped");
    assert.equal(processes.length, 1);
  });

  it("does not come back when it is stopped while it waits to restart", async () => {
    const { supervisor, processes, clock } = started();
    processes[0]!.exit("exit code 1");
    await supervisor.stop();
    await clock.advance(60_000);
    assert.equal(processes.length, 1);
  });

  it("is told everything before anybody else hears that it is ready, each time that it is", async () => {
    const { supervisor, processes, clock } = setUp();
    supervisor.onStatus.on(({ type }) => type === "ready" && supervisor.send({ type: "cancel", id: 1 }));
    supervisor.onReady.on(() => supervisor.send({ type: "close", uri: "file:///a.py" }));
    supervisor.start();
    for (const index of [0, 1]) {
      processes[index]!.getReady();
      const told = processes[index]!.received.map(({ type }) => type);
      assert.deepEqual(told, ["start", "close", "cancel"]);
      processes[index]!.exit("exit code 1");
      await clock.advance(0);
    }
  });

  for (const why of ["resting", "unloaded"] as const) {
    it(`is not started by a document in front once it was stopped on purpose (${why}), but by somebody who asks`, async () => {
      const { supervisor, processes } = setUp();
      supervisor.startForDocument();
      assert.equal(processes.length, 1);
      await supervisor.stop(why);
      supervisor.startForDocument();
      assert.deepEqual([supervisor.status, processes.length], [{ type: "stopped", why }, 1]);
      supervisor.start();
      await settled();
      assert.equal(processes.length, 2);
    });
  }

  for (const isStoppedAgain of [false, true]) {
    const what = isStoppedAgain ? "is not started again if it is stopped once more" : "is started again";
    it(`${what}, when the process that was stopped has gone`, async () => {
      const { supervisor, processes } = started();
      processes[0]!.getReady();
      let hasGone = () => {};
      processes[0]!.kill = () => new Promise((resolve) => (hasGone = resolve));
      const stopping = [supervisor.stop("unloaded")];
      supervisor.start();
      assert.equal(supervisor.status.type, "starting");
      if (isStoppedAgain) stopping.push(supervisor.stop("unloaded"));
      await settled();
      assert.equal(processes.length, 1, "two engines at once");
      hasGone();
      await Promise.all(stopping);
      await settled();
      assert.equal(supervisor.isStopped("unloaded"), isStoppedAgain);
      assert.equal(processes.length, isStoppedAgain ? 1 : 2);
    });
  }

  it("says so when the process cannot be launched", () => {
    const supervisor = new EngineSupervisor(
      () => {
        throw new Error("EMFILE");
      },
      () => ({ modelFolder: "", threads: 0 }),
      new FakeClock(),
      new FakeLog(),
    );
    supervisor.start();
    assert.equal(supervisor.status.type, "failed");
  });

  it("puts the engine's log into the extension's", async () => {
    const { processes, log } = started();
    processes[0]!.say({ type: "log", level: "warn", message: "slow" });
    await settled();
    assert.ok(log.lines.includes("warn: engine: slow"));
  });

  it("takes new settings over when they have stayed the same for a while, once", async () => {
    const { supervisor, processes, settings, clock } = started();
    processes[0]!.getReady();
    for (const modelFolder of ["/m", "/models", "/models/large"]) {
      settings.modelFolder = modelFolder;
      supervisor.settingsChanged();
      await clock.advance(1500);
    }
    assert.equal(processes.length, 1, "who types is waited for");
    await clock.advance(1000);
    assert.equal(processes.length, 2);
    processes[1]!.getReady();
    assert.deepEqual(
      processes[1]!.received.map((message) => message.type === "start" && message.modelFolder),
      ["/models/large"],
    );
    supervisor.settingsChanged();
    await clock.advance(10_000);
    assert.equal(processes.length, 2, "nothing is new");
  });

  it("takes settings over at once for who has chosen, and starts nothing for them", async () => {
    const { supervisor, processes, settings, clock } = setUp();
    settings.threads = 3;
    await supervisor.adoptSettings();
    assert.equal(processes.length, 0, "nobody has needed the engine yet");
    supervisor.start();
    await supervisor.adoptSettings();
    assert.equal(processes.length, 1);
    settings.threads = 4;
    supervisor.settingsChanged();
    await supervisor.adoptSettings();
    assert.equal(processes.length, 2);
    await clock.advance(10_000);
    assert.equal(processes.length, 2);
  });

  it("starts again for who chooses the model with which it has failed, and for nobody else", async () => {
    const { supervisor, processes, clock } = started();
    processes[0]!.say({ type: "failed", message: "There is no model.json in /models/small. Do this." });
    supervisor.settingsChanged();
    await clock.advance(10_000);
    assert.equal(processes.length, 1, "another setting mends no model");
    await supervisor.adoptSettings();
    assert.equal(processes.length, 2);
    processes[1]!.getReady();
    assert.equal(supervisor.status.type, "ready");
  });
});

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { SNOOZE_MINUTES, Snooze } from "../../../../src/extension/completion/snooze";
import { EngineSupervisor } from "../../../../src/extension/engineProcess/engineSupervisor";
import { Reading } from "../../../../src/extension/repository/reading";
import { RepositorySync } from "../../../../src/extension/repository/repositorySync";
import { SourceChoices } from "../../../../src/extension/repository/sourceChoices";
import { keepContextKeys } from "../../../../src/extension/status/contextKeys";
import { FakeClock } from "../../../support/fakeClock";
import { FakeEngineProcess } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { fakeStore } from "../../../support/fakeStore";
import { executedCommands, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

function setUp() {
  new FakeWindow();
  const workspace = new FakeWorkspace(["file:///work"]);
  const [clock, engine] = [new FakeClock(), new FakeEngineProcess()];
  const settings = () => ({ modelFolder: "", threads: 0 });
  const supervisor = new EngineSupervisor(() => engine, settings, clock, new FakeLog());
  const reading = new Reading(supervisor);
  const choices = new SourceChoices(fakeStore(), (message) => supervisor.send(message), assert.fail);
  const repository = new RepositorySync({ supervisor, reading, choices, stateFolder: "/states", clock });
  const snooze = new Snooze(clock, () => clock.now());
  executedCommands.length = 0;
  keepContextKeys({ supervisor, reading, repository, snooze });
  return { workspace, clock, engine, supervisor, reading, snooze };
}

type Parts = ReturnType<typeof setUp>;
type Told = readonly [key: string, value: unknown];

/** What the keys are told from the beginning on: at once, and after each step. */
const STEPS: Readonly<Record<string, readonly (readonly [step: (parts: Parts) => unknown, ...told: Told[]])[]>> = {
  "how the engine stands": [
    [({ supervisor }) => supervisor.start(), ["engineStatus", "starting"]],
    [({ engine }) => engine.getReady(), ["engineStatus", "ready"]],
    [({ engine }) => engine.say({ type: "failed", message: "There is no model." }), ["engineStatus", "failed"]],
    [({ supervisor }) => supervisor.stop(), ["engineStatus", "stopped"]],
  ],
  "whether reading is paused": [
    [({ reading }) => reading.setPaused(true), ["isReadingPaused", true]],
    [({ reading }) => reading.setFolders(["/work"])],
    [({ reading }) => reading.setPaused(false), ["isReadingPaused", false]],
    [({ reading }) => reading.setOnBattery(true), ["isReadingPaused", true]],
    [({ reading }) => reading.setPaused(false), ["isReadingPaused", false]],
  ],
  "whether the repository is read": [
    [({ workspace }) => workspace.set("griffin.repository.read", false), ["readsRepository", false]],
    [({ workspace }) => workspace.set("griffin.repository.maxTokens", 1000)],
    [({ workspace }) => workspace.set("griffin.repository.read", true), ["readsRepository", true]],
  ],
  "whether completions are snoozed": [
    [({ snooze }) => snooze.start(), ["isSnoozed", true]],
    [({ snooze }) => snooze.stop(), ["isSnoozed", false]],
    [({ snooze }) => snooze.start(), ["isSnoozed", true]],
    [({ clock }) => clock.advance(SNOOZE_MINUTES * 60_000), ["isSnoozed", false]],
  ],
};

describe("the keys of package.json's when clauses", () => {
  for (const [what, steps] of Object.entries(STEPS)) {
    it(`say ${what}, at once and when it changes`, async () => {
      const parts = setUp();
      assert.deepEqual(told(), [
        ["engineStatus", "stopped"],
        ["isReadingPaused", false],
        ["readsRepository", true],
        ["isSnoozed", false],
      ]);
      for (const [step, ...expected] of steps) {
        await step(parts);
        assert.deepEqual(told(), expected);
      }
    });
  }
});

function told(): unknown[] {
  return executedCommands.splice(0).map(([command, key, value]) => {
    assert.equal(command, "setContext");
    return [String(key).replace(/^griffin\./, ""), value];
  });
}

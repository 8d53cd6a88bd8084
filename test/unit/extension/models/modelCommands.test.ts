import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { EngineSupervisor } from "../../../../src/extension/engineSupervisor";
import { registerModelCommands } from "../../../../src/extension/models/modelCommands";
import type { ModelManager } from "../../../../src/extension/models/modelManager";
import { FakeClock } from "../../../support/fakeClock";
import { FakeEngineProcess } from "../../../support/fakeEngineProcess";
import { FakeLog } from "../../../support/fakeLog";
import { FakeWindow, FakeWorkspace, registeredCommands } from "../../../support/fakeVscode";

it("a model that is chosen is loaded where the one before was unloaded, and not where nothing has needed one", async () => {
  const folder = resolve("test/fixtures/tiny-griffin");
  new FakeWorkspace();
  const window = Object.assign(new FakeWindow(), { showOpenDialog: async () => [{ fsPath: folder }] });
  const log = new FakeLog();
  const settings = () => ({ modelFolder: "", threads: 0 });
  const supervisor = new EngineSupervisor(() => new FakeEngineProcess(), settings, new FakeClock(), log);
  const used: string[] = [];
  const manager = { use: async (model: string) => used.push(model) } as unknown as ModelManager;
  registerModelCommands(manager, supervisor, log);
  for (const [why, status] of [
    ["notNeeded", "stopped"],
    ["unloaded", "starting"],
  ] as const) {
    await supervisor.stop(why);
    await registeredCommands.get("griffin.addModelFromFolder")!();
    assert.deepEqual([used.splice(0), window.messages], [[folder], []]);
    assert.equal(supervisor.status.type, status);
  }
});

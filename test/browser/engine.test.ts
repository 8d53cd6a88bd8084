import assert from "node:assert/strict";
import { engineProcesses } from "../../tools/workbench/engineProcesses.mjs";
import { expectSoon } from "../../tools/workbench/expectSoon.mjs";
import { openWorkbench, type Workbench } from "../../tools/workbench/workbench.mjs";
import { PYTHON, PYTHON_END } from "./support/samples";
import { useWorkbench } from "./support/useWorkbench";

describe("engine", () => {
  const session = useWorkbench({ name: "engine", files: { "calculator.py": PYTHON } });

  it("is restarted by its command", async () => {
    const { workbench, extensions } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    const [before] = enginePids(extensions);
    await workbench.runCommand("Griffin: Restart Engine");
    await expectNewEngine(extensions, before);
    await workbench.waitForStatus("ready");
    await expectGhostText(workbench);
  });

  it("says whether there are completions also when the language of the file is changed", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    for (const [language, state] of [
      ["Plain Text", "off"],
      ["Python", "ready"],
    ] as const) {
      await workbench.runCommand("Change Language Mode");
      const list = workbench.page.locator(".quick-input-widget");
      await list.getByText("Select Language Mode").or(list.getByPlaceholder("Select Language Mode")).first().waitFor();
      await list.locator("input").first().fill(language);
      await list.locator(".monaco-list-row", { hasText: language }).first().click();
      await workbench.waitForStatus(state);
    }
  });

  it("comes back by itself after it was killed, and knows the documents", async () => {
    const { workbench, extensions } = session();
    const [before] = enginePids(extensions);
    assert.ok(before, "an engine is running");
    process.kill(before, "SIGKILL");
    await expectNewEngine(extensions, before);
    await workbench.waitForStatus("ready");
    await expectGhostText(workbench);
    assert.deepEqual(await workbench.notifications(), []);
  });

  it("runs once for each window, and both windows complete", async () => {
    const { workbench, browser, server, folder, extensions } = session();
    const second = await openWorkbench(browser, server, { folder });
    await second.openFile("calculator.py");
    await second.waitForStatus("ready");
    await expectGhostText(second);
    assert.equal(enginePids(extensions).length, 2);
    await expectGhostText(workbench);
    await second.page.close();
  });
});

describe("engine without a model", () => {
  const session = useWorkbench({
    name: "no-model",
    files: { "calculator.py": PYTHON },
    settings: { "griffin.model.path": "/nowhere/model" },
  });

  it("says so once, and the editor stays usable", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("failed");
    await workbench.placeCursor(PYTHON_END.line, PYTHON_END.column);
    await workbench.type("    return a / b");
    const [notification, ...others] = await workbench.notifications();
    assert.match(notification ?? "", /\/nowhere\/model/);
    assert.deepEqual(others, []);
    const line = workbench.page.locator(".view-line", { hasText: "a / b" });
    assert.equal(await line.count(), 1);
  });
});

function enginePids(extensions: string): number[] {
  return engineProcesses(extensions).map(({ pid }) => pid);
}

async function expectNewEngine(extensions: string, before: number | undefined): Promise<void> {
  const isNew = (pids: number[]) => pids.length === 1 && pids[0] !== before;
  await expectSoon("a new engine process", async () => enginePids(extensions), isNew);
}

/** Types until something is suggested: the status bar may still say what was so before the engine ended, and a key that comes too early is not asked for again. */
async function expectGhostText(workbench: Workbench): Promise<void> {
  await workbench.page.bringToFront();
  let text = "";
  for (let tries = 0; text === "" && tries < 12; tries++) {
    await workbench.placeCursor(1, 1); // also gives the focus to the editor
    await workbench.replaceText(PYTHON);
    await workbench.type("    retu");
    text = await workbench.waitForGhostText(undefined, 10_000).catch(() => "");
  }
  assert.notEqual(text, "");
}

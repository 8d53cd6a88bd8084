import assert from "node:assert/strict";
import { PYTHON, PYTHON_END } from "./support/samples";
import { useWorkbench } from "./support/useWorkbench";

const HUGE_BYTES = 50_000_000;

describe("a 50 MB file of one line", () => {
  const session = useWorkbench({
    name: "huge-file",
    files: { "calculator.py": PYTHON, "huge.js": `let text = "${"x".repeat(HUGE_BYTES)}";\n` },
    // Else VS Code asks first whether so large a file is meant.
    settings: { "workbench.editorLargeFileConfirmation": 1024 },
  });

  it("gets no completions, and says why", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    await workbench.openFile("huge.js");
    await workbench.waitForStatus("off");
    await workbench.placeCursor(2, 1);
    await workbench.type("let more");
    await workbench.runCommand("Griffin: Complete Here");
    await workbench.page.locator(".statusbar-item", { hasText: "million characters, and the limit is" }).waitFor();
    assert.equal(await workbench.ghostText(), "");
    assert.deepEqual(await workbench.notifications(), []);
  });

  it("does not keep another file from its completions", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    await workbench.placeCursor(PYTHON_END.line, PYTHON_END.column);
    await workbench.type("    retu");
    assert.notEqual(await workbench.waitForGhostText(), "");
  });
});

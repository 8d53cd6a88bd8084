import assert from "node:assert/strict";
import { PYTHON, PYTHON_END } from "./support/samples";
import { useWorkbench } from "./support/useWorkbench";

describe("Restricted Mode", () => {
  const session = useWorkbench({
    name: "restricted-mode",
    files: {
      "calculator.py": PYTHON,
      ".vscode/settings.json": JSON.stringify({ "griffin.model.path": "/nowhere/model" }),
    },
    settings: { "security.workspace.trust.startupPrompt": "never" },
    workspaceTrust: true,
  });

  it("completes, with the bundled model and not with the one that the workspace names", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await workbench.waitForStatus("ready");
    await workbench.placeCursor(PYTHON_END.line, PYTHON_END.column);
    await workbench.type("    retu");
    assert.notEqual(await workbench.waitForGhostText(), "");
  });
});

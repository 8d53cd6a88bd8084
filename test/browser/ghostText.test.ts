import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expectSoon } from "../../tools/workbench/expectSoon.mjs";
import { PYTHON, PYTHON_END } from "./support/samples";
import { useWorkbench } from "./support/useWorkbench";

describe("ghost text", () => {
  const session = useWorkbench({ name: "ghost-text", files: { "calculator.py": PYTHON, "notes.txt": "Ask for\n" } });

  it("shows while typing, shrinks as it is typed, and Tab takes the rest, without a notification", async () => {
    const { workbench, folder } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    await workbench.placeCursor(PYTHON_END.line, PYTHON_END.column);
    await workbench.type("    retu");
    const suggested = await workbench.waitForGhostText();

    await workbench.type(suggested.slice(0, 1));
    const rest = await workbench.waitForGhostText((text) => text === suggested.slice(1));

    await workbench.press("Tab");
    await workbench.press("ControlOrMeta+S");
    const accepted = `${PYTHON}    retu${suggested[0]}${rest}`;
    const onDisk = () => readFile(join(folder, "calculator.py"), "utf8");
    await expectSoon("accepted text on disk", onDisk, (text) => text.trimEnd() === accepted.trimEnd());
    assert.deepEqual(await workbench.notifications(), []);
  });

  it("that is asked for where completions are off does not come, and the status bar says why", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.waitForStatus("ready");
    await workbench.openFile("notes.txt");
    await workbench.runCommand("Griffin: Complete Here");
    await workbench.page.locator(".statusbar-item", { hasText: "Completions are off for Plain Text." }).waitFor();
    assert.equal(await workbench.ghostText(), "");
    assert.deepEqual(await workbench.notifications(), []);
  });
});

describe("ghost text without a folder", () => {
  const session = useWorkbench({ name: "untitled", settings: { "files.defaultLanguage": "python" } });

  it("shows in an untitled buffer", async () => {
    const { workbench } = session();
    await workbench.runCommand("New Untitled Text File");
    await workbench.type("def add(a, b):");
    await workbench.press("Enter");
    await workbench.waitForStatus("ready");
    await workbench.type("retu");
    assert.notEqual(await workbench.waitForGhostText(), "");
  });
});

describe("ghost text beside VS Code's own list of suggestions", () => {
  const session = useWorkbench({
    name: "list",
    files: { "calculator.py": PYTHON },
    settings: { "editor.quickSuggestions": undefined, "editor.wordBasedSuggestions": undefined },
  });

  it("shows within a word, for which the list waits", async () => {
    const { workbench } = session();
    await workbench.openFile("calculator.py");
    await workbench.undoAll();
    await workbench.waitForStatus("ready");
    await workbench.placeCursor(PYTHON_END.line, PYTHON_END.column);
    await workbench.type("    retu");
    // Where the list came first, as on a machine that does other things beside, VS Code asks again after the next key.
    const afterKey = async () => {
      await workbench.press("Escape");
      await workbench.press("Backspace");
      await workbench.type("u");
      await workbench.page.waitForTimeout(1500);
      return workbench.ghostText();
    };
    await expectSoon("ghost text", afterKey, (text) => text !== "");
  });
});

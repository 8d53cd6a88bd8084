import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { Emitter } from "../../../../src/extension/emitter";
import type { ContextNode } from "../../../../src/extension/repository/contextNode";
import { ContextView, type ContextViewParts } from "../../../../src/extension/repository/contextView";
import { FakeClock } from "../../../support/fakeClock";
import { FakeLog } from "../../../support/fakeLog";
import { FakeWindow, FakeWorkspace, furnish } from "../../../support/fakeVscode";

const CHECKED = 1;

/** The view where no engine answers. */
function begin() {
  new FakeWindow();
  new FakeWorkspace();
  furnish();
  const used: unknown[] = [];
  const view = new ContextView({
    client: { report: async () => ({ type: "failed", message: "No engine." }) },
    choices: { use: (...choice: unknown[]) => used.push(choice), isEnabled: () => true },
    repository: { onPlan: new Emitter(), plan: {} },
    supervisor: { onMessage: new Emitter(), onStatus: new Emitter() },
    clock: new FakeClock(),
    log: new FakeLog(),
  } as unknown as ContextViewParts);
  return { view, used };
}

describe("the view of what the model saw", () => {
  it("draws all check marks of a source anew, also where no engine answers", () => {
    const { view, used } = begin();
    let drawings = 0;
    view.onDidChangeTreeData(() => drawings++);
    const source = { kind: "file", folder: "/work", path: "a.ts" };
    view.check([[{ source } as ContextNode, CHECKED]]);
    assert.deepEqual([used, drawings], [[[source, true]], 1]);
    view.dispose();
  });

  it("has a screen reader say what a line is called, and not its explanation alone", () => {
    const { view } = begin();
    const check = (node: Partial<ContextNode>, line: string, box?: string): void => {
      const { accessibilityInformation, checkboxState } = view.getTreeItem({ id: "id", label: "", ...node });
      assert.equal(accessibilityInformation?.label, line);
      assert.equal((checkboxState as vscode.TreeItem | undefined)?.accessibilityInformation?.label, box);
    };
    const source = { kind: "memory" } as const;
    check(
      { source, label: "Exact memory", description: "7 tokens", tooltip: "Finds the same text." },
      "Exact memory, 7 tokens, Finds the same text.",
      "Use Exact memory",
    );
    check(
      { label: "Without the repository", description: "It is new.", tooltip: "It is new." },
      "Without the repository, It is new.",
    );
    check({ label: "No snippets" }, "No snippets");
    view.dispose();
  });
});

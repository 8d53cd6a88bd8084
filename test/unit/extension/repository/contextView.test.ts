import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import { Emitter } from "../../../../src/extension/emitter";
import type { ContextNode } from "../../../../src/extension/repository/contextNode";
import { ContextView, type ContextViewParts } from "../../../../src/extension/repository/contextView";
import { FakeClock } from "../../../support/fakeClock";
import { FakeLog } from "../../../support/fakeLog";
import { FakeWindow, FakeWorkspace, furnish } from "../../../support/fakeVscode";

const CHECKED = 1;

describe("the view of what the model saw", () => {
  it("draws all check marks of a source anew, also where no engine answers", () => {
    new FakeWindow();
    new FakeWorkspace();
    furnish();
    const used: unknown[] = [];
    const view = new ContextView({
      client: { report: async () => ({ type: "failed", message: "No engine." }) },
      choices: { use: (...choice: unknown[]) => used.push(choice) },
      repository: { onPlan: new Emitter(), plan: {} },
      supervisor: { onMessage: new Emitter(), onStatus: new Emitter() },
      clock: new FakeClock(),
      log: new FakeLog(),
    } as unknown as ContextViewParts);
    let drawings = 0;
    view.onDidChangeTreeData(() => drawings++);
    const source = { kind: "file", folder: "/work", path: "a.ts" };
    view.check([[{ source } as ContextNode, CHECKED]]);
    assert.deepEqual([used, drawings], [[[source, true]], 1]);
    view.dispose();
  });
});

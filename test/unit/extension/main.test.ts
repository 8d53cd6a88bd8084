import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { activate, deactivate } from "../../../src/extension/main";
import { FakeDocument, FakeWindow, FakeWorkspace, furnish } from "../../support/fakeVscode";
import { withReplaced } from "../../support/replaced";
import { fakeContext } from "./wiredWindow";

describe("activation", () => {
  async function activated(look: (api: ReturnType<typeof activate>) => void): Promise<void> {
    const workspace = new FakeWorkspace();
    const window = new FakeWindow();
    furnish();
    window.show(workspace.open(new FakeDocument("file:///work/a.py", "a = 1\n")));
    const context = fakeContext("/storage") as unknown as vscode.ExtensionContext;
    try {
      look(activate(context));
    } finally {
      await deactivate();
      for (const part of context.subscriptions) part.dispose();
    }
  }

  it("does not wait for the engine", () =>
    withReplaced(process.env, { GRIFFIN_TEST_API: "1" }, () =>
      activated((api) => assert.equal(api?.engineStatus().type, "starting")),
    ));

  it("gives other extensions nothing", () =>
    withReplaced(process.env, { GRIFFIN_TEST_API: undefined }, () => activated((api) => assert.equal(api, undefined))));
});

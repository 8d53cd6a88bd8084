import "../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { CompletionProvider } from "../../../src/extension/completionProvider";
import { at, FakeDocument, FakeWindow, FakeWorkspace } from "../../support/fakeVscode";

describe("VS Code's own command for a completion", () => {
  it("starts the engine for who asks, where completions are on, and for nobody else", async () => {
    const workspace = new FakeWorkspace();
    new FakeWindow();
    let starts = 0;
    type Parts = ConstructorParameters<typeof CompletionProvider>;
    const parts = [
      { start: () => starts++ },
      { complete: () => undefined },
      { complete: async () => [] },
      { locate: () => ({ uri: "file:///a.py", version: 1, offset: 0 }) },
      {},
    ] as unknown as Parts;
    const provider = new CompletionProvider(...parts);
    const document = Object.assign(new FakeDocument("file:///a.py", ""), { lineAt: () => ({ text: "" }) });
    const startsOn = async (triggerKind: vscode.InlineCompletionTriggerKind): Promise<number> => {
      const before = starts;
      const context = { triggerKind, selectedCompletionInfo: undefined };
      const token = { onCancellationRequested: () => {} } as unknown as vscode.CancellationToken;
      const file = document as unknown as vscode.TextDocument;
      await provider.provideInlineCompletionItems(file, at(0), context, token);
      return starts - before;
    };
    const { Invoke, Automatic } = vscode.InlineCompletionTriggerKind;
    assert.deepEqual([await startsOn(Automatic), await startsOn(Invoke)], [0, 1]);
    workspace.set("griffin.enable", { python: false });
    assert.equal(await startsOn(Invoke), 0);
  });
});

import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { ProposedChanges } from "../../../../src/extension/chat/proposedChanges";
import type { TextEdit } from "../../../../src/text/edit";
import { FakeLog } from "../../../support/fakeLog";
import {
  executedCommands,
  FakeDocument,
  FakeRange,
  FakeTextDiff,
  FakeWindow,
  FakeWorkspace,
  registeredCommands,
} from "../../../support/fakeVscode";

const FILE = "file:///work/src/a.ts";
const BEFORE = "const a = 1;\n";
const EDIT: TextEdit = { offset: 10, deleted: 1, inserted: "20" };
const AFTER = "const a = 20;\n";

interface Tab {
  readonly input: FakeTextDiff;
}

/** A window with a file, and with the tabs of an earlier one. */
function begin({ tabs = [] as Tab[], isWritable = true } = {}) {
  const document = new FakeDocument(FILE, BEFORE);
  const workspace = Object.assign(new FakeWorkspace(["file:///work"]), {
    openTextDocument: async () => document,
    async applyEdit({ made }: { readonly made: readonly TextEdit[] }) {
      if (isWritable) workspace.edit(document, ...made);
      return isWritable;
    },
  });
  workspace.open(document);
  const shown: unknown[] = [];
  const window = Object.assign(new FakeWindow(), {
    tabGroups: {
      all: [{ tabs }],
      activeTabGroup: { activeTab: undefined as Tab | undefined },
      async close(closed: Tab | readonly Tab[]) {
        for (const tab of [closed].flat()) tabs.splice(tabs.indexOf(tab as Tab), 1);
        return true;
      },
    },
    showTextDocument: async (...parameters: unknown[]) => void shown.push(parameters),
  });
  const changes = new ProposedChanges(new FakeLog());
  /** Shows the change in a tab in front, as VS Code does. Returns the address of what the file would be. */
  const propose = async () => {
    const address = await changes.propose(document as unknown as vscode.TextDocument, EDIT);
    const [command, original, modified, title] = executedCommands.at(-1)! as [string, vscode.Uri, vscode.Uri, string];
    assert.deepEqual([command, original, title], ["vscode.diff", document.uri, "src/a.ts: Proposed Change"]);
    assert.equal(address, modified);
    const tab = { input: new FakeTextDiff(original, modified) };
    tabs.push(tab);
    window.tabGroups.activeTabGroup.activeTab = tab;
    return modified;
  };
  const run = (name: string) => registeredCommands.get(`griffin.${name}Change`)!();
  const said = () => window.messages.map(({ text }) => text);
  return { document, workspace, tabs, shown, changes, propose, said, run };
}

const NONE = "Griffin: The active tab shows no proposed change, or the change has expired. Apply the code again.";

describe("a proposed change", () => {
  it("is shown beside the file, and written when it is accepted, which is then in front", async () => {
    const { document, tabs, shown, changes, propose, said, run } = begin();
    const proposed = await propose();
    assert.equal(proposed.scheme, "griffin-proposed");
    assert.equal(changes.provideTextDocumentContent(proposed), AFTER);
    assert.equal(document.getText(), BEFORE);
    await run("accept");
    assert.equal(document.getText(), AFTER);
    assert.deepEqual([tabs, said()], [[], []]);
    assert.deepEqual(shown, [[document, { preview: false, selection: new FakeRange(10, 12) }]]);
  });

  it("is accepted and discarded by its address also where another one is in front", async () => {
    const { document, tabs, changes, propose, said } = begin();
    const [first, second] = [await propose(), await propose()];
    await propose();
    await changes.discard(first);
    assert.deepEqual([document.getText(), tabs.length], [BEFORE, 2]);
    await changes.accept(second);
    assert.deepEqual([document.getText(), tabs.length, said()], [AFTER, 1, []]);
  });

  it("that is gone need not be discarded, and is not advised to be applied again", async () => {
    const { changes, propose, said, run } = begin();
    const proposed = await propose();
    await run("accept");
    await changes.discard(proposed);
    await changes.accept(proposed);
    assert.deepEqual(said(), ["Griffin: This change is not shown any more: it was accepted, discarded or closed."]);
  });

  it("is not written when it is discarded", async () => {
    const { document, tabs, propose, run } = begin();
    await propose();
    await run("discard");
    assert.deepEqual([document.getText(), tabs], [BEFORE, []]);
  });

  it("is not written into a file that has changed since, nor into one that VS Code does not write", async () => {
    const changed = begin();
    await changed.propose();
    changed.workspace.edit(changed.document, { offset: 0, deleted: 0, inserted: "// newer\n" });
    await changed.run("accept");
    assert.equal(changed.document.getText(), `// newer\n${BEFORE}`);
    assert.match(changed.said().join(), /^Griffin: The file has changed since .* so nothing was written\./);

    const readOnly = begin({ isWritable: false });
    await readOnly.propose();
    await readOnly.run("accept");
    assert.deepEqual(readOnly.said(), ["Griffin: VS Code did not write the change. Is the file read-only?"]);
    assert.deepEqual([readOnly.tabs.length, readOnly.shown], [1, []]);
  });

  it("is forgotten when it is closed, and not while only its language changes", async () => {
    const { workspace, changes, propose, said, run } = begin();
    const proposed = await propose();
    const before = workspace.open(new FakeDocument(String(proposed), AFTER));
    workspace.open(new FakeDocument(String(proposed), AFTER));
    workspace.close(before);
    assert.equal(changes.provideTextDocumentContent(proposed), AFTER);
    workspace.close(workspace.textDocuments.at(-1)!);
    assert.equal(changes.provideTextDocumentContent(proposed), undefined);
    await run("accept");
    await run("discard");
    assert.deepEqual(said(), [NONE, NONE]);
  });

  it("of an earlier window is closed, as nobody knows it any more, and no other difference is", () => {
    const { uri } = new FakeDocument(FILE, "");
    const other = { input: new FakeTextDiff(uri, uri) };
    const { tabs } = begin({
      tabs: [{ input: new FakeTextDiff(uri, uri.with({ scheme: "griffin-proposed" })) }, other],
    });
    assert.deepEqual(tabs, [other]);
  });
});

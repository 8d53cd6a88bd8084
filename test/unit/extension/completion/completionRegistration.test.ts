import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { CompletionRegistration } from "../../../../src/extension/completion/completionRegistration";
import type { DocumentScope } from "../../../../src/extension/completion/documentScope";
import { Emitter } from "../../../../src/extension/emitter";
import { FakeClock } from "../../../support/fakeClock";
import { FakeDocument, FakeWorkspace, registeredFilters } from "../../../support/fakeVscode";

/** @param documents addresses of what is open, each with its language */
function setUp(documents: Readonly<Record<string, string>>) {
  const workspace = new FakeWorkspace();
  const clock = new FakeClock();
  const onChange = new Emitter<void>();
  /** By address; those that are not named are on. */
  const scopes = new Map<string, DocumentScope["type"]>();
  const of = (document: vscode.TextDocument | undefined) =>
    ({ type: scopes.get(document!.uri.toString()) ?? "on" }) as DocumentScope;
  const open = (address: string, languageId: string) => {
    workspace.open(Object.assign(new FakeDocument(address, ""), { languageId }));
  };
  for (const [address, languageId] of Object.entries(documents)) open(address, languageId);
  const provider = { provideInlineCompletionItems: () => [] };
  const begin = () => new CompletionRegistration({ provider, scope: { of, onChange }, clock });
  const change = async (): Promise<void> => {
    onChange.fire();
    await clock.advance(1000);
  };
  return { workspace, clock, scopes, onChange, open, begin, change };
}

function registered(): string[] {
  return registeredFilters.map(({ scheme, language }) => `${scheme} ${language}`).sort();
}

describe("completions are registered", () => {
  afterEach(() => registeredFilters.splice(0));

  it("once for each language and scheme of what gets them, also if they have to be asked for", () => {
    const { scopes, begin } = setUp({
      "file:///a.py": "python",
      "file:///b.py": "python",
      "file:///c.lua": "lua",
      "untitled:Untitled-1": "python",
      "file:///e.sh": "shellscript",
      "output:f": "log",
      "file:///g.md": "markdown",
    });
    scopes.set("file:///c.lua", "asked").set("file:///e.sh", "snoozed");
    scopes.set("file:///b.py", "off").set("output:f", "off").set("file:///g.md", "off");
    begin();
    assert.deepEqual(registered(), ["file lua", "file python", "file shellscript", "untitled python"]);
  });

  it("for what is opened, turned on or off, or gets another language; what stays is left alone", async () => {
    const { workspace, scopes, open, begin, change } = setUp({ "file:///a.py": "python" });
    begin();
    const [first] = registeredFilters;
    open("file:///b.lua", "lua");
    await change();
    assert.deepEqual(registered(), ["file lua", "file python"]);
    scopes.set("file:///b.lua", "off");
    await change();
    assert.deepEqual(registered(), ["file python"]);
    scopes.delete("file:///b.lua");
    workspace.changeLanguage(workspace.textDocuments[1]!, "c");
    await change();
    assert.deepEqual(registered(), ["file c", "file python"]);
    assert.equal(registeredFilters[0], first);
  });

  it("at once for the first document that is opened, and soon for those after it", async () => {
    const { clock, onChange, open, begin } = setUp({});
    begin();
    await clock.advance(1000);
    for (const [address, language] of [
      ["file:///a.py", "python"],
      ["file:///b.lua", "lua"],
    ] as const) {
      open(address, language);
      onChange.fire();
    }
    assert.deepEqual(registered(), ["file python"]);
    await clock.advance(100);
    assert.deepEqual(registered(), ["file lua", "file python"]);
  });

  it("until the extension ends", () => {
    const { onChange, begin } = setUp({ "file:///a.py": "python" });
    begin().dispose();
    onChange.fire();
    assert.deepEqual(registered(), []);
  });
});

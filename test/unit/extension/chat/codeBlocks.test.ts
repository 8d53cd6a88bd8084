import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { applyCode } from "../../../../src/extension/chat/codeBlocks";
import type { ProposedChanges } from "../../../../src/extension/chat/proposedChanges";
import type { EngineClient } from "../../../../src/extension/engineProcess/engineClient";
import type { TextEdit } from "../../../../src/protocol/engine";
import { applyEdit } from "../../../../src/text/edit";
import { settled } from "../../../support/fakeClock";
import { FakeDocument, FakeWindow, FakeWorkspace } from "../../../support/fakeVscode";

interface Item {
  readonly label: string;
  readonly description: string;
}

const TWICE = "class A:\n    def f(self):\n        1\n\nclass B:\n    def f(self):\n        2\n";
const CODE = "def f(self):\n    3\n";

/** Applies `code` where the cursor is at the beginning of `text`, and chooses one of several places by its description. */
function apply(text: string, code: string, choose: (document: FakeDocument) => string | undefined = () => undefined) {
  new FakeWorkspace(["file:///work"]);
  const document = new FakeDocument("file:///work/a.py", text);
  const asked: string[] = [];
  const window = Object.assign(new FakeWindow(), {
    activeTextEditor: { document, selection: { start: 0, end: 0 } },
    showQuickPick: async (items: readonly Item[]) => {
      asked.push(...items.map(({ label, description }) => `${label} (${description})`));
      const description = choose(document);
      return items.find((item) => item.description === description);
    },
  });
  const proposed: string[] = [];
  const decided: string[] = [];
  const address = document.uri.with({ query: "1" });
  const changes = {
    propose: async (_: vscode.TextDocument, edit: TextEdit) => {
      proposed.push(applyEdit(text, edit));
      return address;
    },
    accept: async (uri: vscode.Uri) => void decided.push(`accept ${uri}`),
    discard: async (uri: vscode.Uri) => void decided.push(`discard ${uri}`),
  } as Partial<ProposedChanges> as ProposedChanges;
  const engine = { findDefinitions: async () => ({ type: "failed", message: "no engine" }) };
  const applied = applyCode(code, changes, engine as Pick<EngineClient, "findDefinitions">);
  return { applied, window, asked, proposed, decided, address };
}

describe("applying a block of code", () => {
  it("says where it is shown, and offers to accept or to discard that change", async () => {
    for (const [button, decision] of [
      ["Accept", "accept"],
      ["Discard", "discard"],
      [undefined, undefined],
    ] as const) {
      const { applied, window, proposed, decided, address } = apply("x = 1\ndef f(self):\n    1\n", CODE);
      await settled();
      assert.deepEqual(proposed, ["x = 1\ndef f(self):\n    3\n"]);
      const [message] = window.messages;
      assert.equal(
        message!.text,
        "Griffin: The code is shown as a change of a.py, in place of the definition in line 2.",
      );
      message!.choose(button);
      await applied;
      assert.deepEqual(decided, decision === undefined ? [] : [`${decision} ${address}`]);
    }
    const elsewhere = apply("x = 1\n", CODE);
    await settled();
    assert.match(elsewhere.window.messages[0]!.text, /, at the cursor, in line 1\.$/);
  });

  it("asks which of several definitions is meant, or whether none is", async () => {
    const { asked, window, proposed } = apply(TWICE, CODE, () => "line 6, in B");
    await settled();
    assert.deepEqual(asked, ["def f(self): (line 2, in A)", "def f(self): (line 6, in B)", "At the cursor (line 1)"]);
    assert.deepEqual(proposed, [TWICE.replace("2", "3")]);
    assert.match(window.messages[0]!.text, /, in place of the definition in line 6\.$/);
    const none = apply(TWICE, CODE);
    await none.applied;
    assert.deepEqual([none.proposed, none.window.messages], [[], []]);
  });

  it("asks with code that is read as code, and not as icons, and that is short", async () => {
    const text = TWICE.replaceAll("self", `self, icon="$(trash)", ${"x".repeat(100)}`);
    const { applied, asked } = apply(text, CODE);
    await applied;
    assert.equal(asked[0], `def f(self, icon="$\u200b(trash)", ${"x".repeat(71)}… (line 2, in A)`);
  });

  it("shows nothing of a file that changes while somebody chooses", async () => {
    const { applied, window, proposed } = apply(TWICE, CODE, (document) => {
      document.change([{ offset: 0, deleted: 0, inserted: "# newer\n" }]);
      return "line 6, in B";
    });
    await applied;
    assert.deepEqual(proposed, []);
    assert.equal(window.messages[0]!.text, "Griffin: The file has changed meanwhile. Apply the code again.");
  });
});

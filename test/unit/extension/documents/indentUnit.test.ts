import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { indentUnitOf } from "../../../../src/extension/documents/indentUnit";
import { FakeDocument, FakeWindow } from "../../../support/fakeVscode";

describe("what an editor indents with", () => {
  for (const [options, expected] of [
    [{ insertSpaces: true, tabSize: 8, indentSize: 2 }, "  "],
    [{ insertSpaces: false, tabSize: 4, indentSize: 4 }, "\t"],
    [{}, undefined],
  ] as const) {
    it(`${JSON.stringify(options)}: ${JSON.stringify(expected)}`, () => {
      const document = new FakeDocument("file:///a.py", "") as unknown as vscode.TextDocument;
      Object.assign(new FakeWindow(), { activeTextEditor: { document, options } });
      assert.equal(indentUnitOf(document), expected);
    });
  }

  it("is not known of a document that is not in front", () => {
    new FakeWindow();
    const document = new FakeDocument("file:///a.py", "") as unknown as vscode.TextDocument;
    assert.equal(indentUnitOf(document), undefined);
  });
});

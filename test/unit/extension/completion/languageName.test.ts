import "../../../support/fakeVscode"; // Before what imports `vscode`.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { languageName } from "../../../../src/extension/completion/languageName";
import { withReplaced } from "../../../support/replaced";

/** What some extensions bring. */
const CONTRIBUTED: readonly unknown[] = [
  {},
  { contributes: { languages: "none" } },
  { contributes: { languages: [null, { id: "python" }, { id: "log", aliases: [] }] } },
  { contributes: { languages: [{ id: "python", aliases: ["Snake"] }] } },
  { contributes: { languages: [{ id: "python", aliases: ["Python", "py"] }] } },
  { contributes: { languages: [{ id: "python" }] } },
];

describe("a language's name", () => {
  for (const [id, name] of [
    ["python", "Python"],
    ["plaintext", "Plain Text"],
    ["log", "log"],
    ["unheard-of", "unheard-of"],
    ["toString", "toString"],
  ] as const) {
    it(`of \`${id}\` is ${name}`, async () => {
      const all = CONTRIBUTED.map((packageJSON) => ({ packageJSON })) as never;
      await withReplaced(vscode.extensions, { all }, async () => assert.equal(languageName(id), name));
    });
  }
});

import assert from "node:assert/strict";
import {
  exceptionsIn,
  exclusions,
  isLanguageEnabled,
  languageTable,
  ofKind,
  texts,
} from "../../../../src/extension/settings/settingValue";

describe("a setting's value", () => {
  it("is taken when it is of the setting's kind", () => {
    assert.equal(ofKind("~/model", ""), "~/model");
    assert.equal(ofKind(0, 7), 0);
    assert.equal(ofKind(false, true), false);
  });

  it("is as if it were not there when it is of another kind", () => {
    for (const value of [undefined, null, 5, true, ["a"], {}]) assert.equal(ofKind(value, "none"), "none");
    for (const value of [undefined, null, "4", true, [4]]) assert.equal(ofKind(value, 7), 7);
  });

  it("turns completions off everywhere when it says just that", () => {
    assert.equal(isLanguageEnabled(languageTable(false), "python"), false);
    assert.equal(isLanguageEnabled(languageTable(true), "python"), true);
    assert.deepEqual(languageTable({ "*": true, go: false, rust: "no", c: null }), { "*": true, go: false });
    for (const value of [undefined, null, "off", []]) assert.deepEqual(languageTable(value), {});
  });

  it("keeps from being read what the user names, whatever the workspace lets in", () => {
    const values = { globalValue: ["*.sql", 3], workspaceValue: ["*.md", "!**"] };
    assert.deepEqual(exclusions(values), ["*.md", "!**", "*.sql"]);
    assert.deepEqual(exclusions({ globalValue: "*.sql" }), []);
    assert.deepEqual(exclusions(undefined), []);
  });

  it("keeps from being read what the workspace names, whatever the user lets in", () => {
    const values = { globalValue: ["*.sql", "!vendor/"], workspaceValue: ["vendor/", "!a.md"] };
    assert.deepEqual(exclusions(values), ["vendor/", "!a.md", "*.sql", "!vendor/", "vendor/"]);
  });

  it("keeps from being read what a folder names, besides what its workspace and the user do", () => {
    const values = { globalValue: ["*.sql"], workspaceValue: ["*.md"], workspaceFolderValue: ["data/"] };
    assert.deepEqual(exclusions(values), ["data/", "*.md", "*.sql"]);
    const lettingIn = { ...values, workspaceValue: ["!data/"] };
    assert.deepEqual(exclusions(lettingIn), ["data/", "!data/", "data/", "*.sql"]);
    const ofOneFolder = { workspaceValue: ["data/", "!data/a.md"], workspaceFolderValue: ["data/", "!data/a.md"] };
    assert.deepEqual(exclusions(ofOneFolder), ["data/", "!data/a.md"]);
  });

  it("is a list of texts, or none", () => {
    assert.deepEqual(texts(["*.sql", 3, null]), ["*.sql"]);
    for (const value of [undefined, null, "*.sql", {}]) assert.deepEqual(texts(value), []);
  });
});

describe("the table of languages", () => {
  it("looks languages up with * for the rest", () => {
    const enable = { "*": true, plaintext: false };
    assert.equal(isLanguageEnabled(enable, "python"), true);
    assert.equal(isLanguageEnabled(enable, "plaintext"), false);
    assert.equal(isLanguageEnabled({ "*": false, python: true }, "python"), true);
    assert.equal(isLanguageEnabled({ "*": false, python: true }, "go"), false);
    assert.equal(isLanguageEnabled({}, "go"), true);
  });

  it("names the languages that are not as all others", () => {
    assert.deepEqual(exceptionsIn({ "*": true, plaintext: false, go: true }), ["plaintext"]);
    assert.deepEqual(exceptionsIn({ "*": false, plaintext: false, go: true }), ["go"]);
    assert.deepEqual(exceptionsIn({ plaintext: false }), ["plaintext"]);
    assert.deepEqual(exceptionsIn({}), []);
  });
});

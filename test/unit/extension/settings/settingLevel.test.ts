import assert from "node:assert/strict";
import { levelOf } from "../../../../src/extension/settings/settingLevel";

const USER = { "*": true, python: true };
const WORKSPACE = { python: false, go: false };
const FOLDER = { python: true };
const ALL = { globalValue: USER, workspaceValue: WORKSPACE, workspaceFolderValue: FOLDER };

describe("the level that decides about a setting's entry", () => {
  it("is the innermost that has it", () => {
    assert.deepEqual(levelOf(ALL, "python"), { level: "folder", table: FOLDER });
    assert.deepEqual(levelOf(ALL, "go"), { level: "workspace", table: WORKSPACE });
    assert.deepEqual(levelOf(ALL, "*"), { level: "user", table: USER });
  });

  it("is the user's when nobody has it", () => {
    assert.deepEqual(levelOf(ALL, "rust"), { level: "user", table: USER });
    assert.deepEqual(levelOf({}, "*"), { level: "user", table: {} });
  });

  it("counts what is off as said", () => {
    assert.equal(levelOf({ workspaceFolderValue: { "*": false } }, "*").level, "folder");
  });

  it("is the one with a plain value, whatever the entry: it hides the tables outside of it", () => {
    const values = { globalValue: USER, workspaceValue: false };
    assert.deepEqual(levelOf(values, "*"), { level: "workspace", table: { "*": false } });
    assert.deepEqual(levelOf(values, "python"), { level: "workspace", table: { "*": false } });
    assert.deepEqual(levelOf({ ...values, workspaceFolderValue: FOLDER }, "python").level, "folder");
    assert.deepEqual(levelOf({ globalValue: false }, "go"), { level: "user", table: { "*": false } });
  });
});

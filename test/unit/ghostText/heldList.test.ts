import assert from "node:assert/strict";
import { listKind } from "../../../src/ghostText/heldList";

describe("the kind of text in which VS Code's list may come", () => {
  // The line up to the cursor behind the key, and the kind; undefined where the key brings no list.
  const lines: readonly [string, ReturnType<typeof listKind>][] = [
    ["  return fo", "other"],
    ["größe", "other"],
    ["foo1", "other"],
    ["$el", "other"],
    ["x = 12", undefined],
    ["foo.", undefined],
    ["foo(", undefined],
    ["  ", undefined],
    ["// so", "comments"],
    ["    # so", "comments"],
    [" * so", "comments"],
    ["-- so", "comments"],
    ["/* so", "comments"],
    ["#include", "other"],
    ["*pointer", "other"],
    ['print("so', "strings"],
    ["print('so", "strings"],
    ["`so", "strings"],
    ["it's", "other"],
    ['f("a") + b', "other"],
  ];
  for (const [line, kind] of lines) {
    it(`is ${kind} behind ${JSON.stringify(line)}`, () => {
      assert.equal(listKind([{ offset: 0, deleted: 0, inserted: line.slice(-1) }], line), kind);
    });
  }

  it("is none where more than a key was typed, or something was replaced", () => {
    const key = { offset: 5, deleted: 0, inserted: "o" };
    assert.equal(listKind([key], "foo"), "other");
    assert.equal(listKind([{ ...key, inserted: "oo" }], "foo"), undefined);
    assert.equal(listKind([{ ...key, deleted: 1 }], "foo"), undefined);
    assert.equal(listKind([{ offset: 5, deleted: 1, inserted: "" }], "foo"), undefined);
    assert.equal(listKind([key, key], "foo"), undefined);
    assert.equal(listKind([], "foo"), undefined);
  });
});

import assert from "node:assert/strict";
import { hasAncestorIn, isInOneOf } from "../../../../src/engine/files/hasAncestorIn";

describe("a path among folders", () => {
  const folders = new Set(["a", "b/c"]);

  it("is told by whole names, at whatever depth", () => {
    for (const [path, isIn] of [
      ["a/x.ts", true],
      ["a/x/y.ts", true],
      ["b/c/d/e.ts", true],
      ["b/x.ts", false],
      ["b/cd/x.ts", false],
      ["ab/x.ts", false],
      ["x/a/y.ts", false],
      ["x.ts", false],
    ] as const) {
      assert.equal(hasAncestorIn(folders, path), isIn, path);
      assert.equal(isInOneOf(folders, path), isIn, path);
    }
  });

  it("may be one of them", () => {
    for (const path of folders) {
      assert.ok(!hasAncestorIn(folders, path), path);
      assert.ok(isInOneOf(folders, path), path);
    }
  });
});

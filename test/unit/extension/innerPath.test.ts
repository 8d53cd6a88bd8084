import assert from "node:assert/strict";
import { isInnerPath } from "../../../src/extension/innerPath";

describe("paths that a page names", () => {
  it("stay in their folder", () => {
    for (const path of ["a.ts", "src/a.ts", "src/..a/b", "a b.ts", "app/[id]/page.tsx"])
      assert.ok(isInnerPath(path), path);
    const outside = ["", "..", "../a", "a/../../b", "/etc/passwd", "a//b", "./a", "C:\\a", "C:/a", "a\\..\\b", "a\0b"];
    for (const path of outside) assert.ok(!isInnerPath(path), path);
  });
});

import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { insideOf } from "../../../../src/engine/files/insideOf";

describe("where a path lies in a folder", () => {
  const folder = resolve("/work/here");

  it("is said with slashes, and is nothing for the folder itself", () => {
    assert.equal(insideOf(folder, join(folder, "src", "a.ts")), "src/a.ts");
    assert.equal(insideOf(folder, join(folder, "..a.ts")), "..a.ts");
    assert.equal(insideOf(folder, folder), "");
  });

  it("is not said of what lies elsewhere", () => {
    for (const path of ["/work", "/work/here2/a.ts", "/work/a.ts", "/"]) {
      assert.equal(insideOf(folder, resolve(path)), undefined, path);
    }
  });

  it("is known of a whole drive", () => {
    const drive = resolve("/");
    assert.equal(insideOf(drive, join(drive, "a", "b.ts")), "a/b.ts");
    assert.equal(insideOf(drive, drive), "");
  });
});

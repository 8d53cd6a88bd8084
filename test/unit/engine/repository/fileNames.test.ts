import assert from "node:assert/strict";
import { FileNames } from "../../../../src/engine/repository/fileNames";
import { onPlatform } from "../../../support/onPlatform";

describe("the names of a folder's files", () => {
  for (const [it_, paths, expected] of [
    ["are found by themselves", "b d", "d"],
    ["are found by every folder that they lie in", "a", "a/1 a/b/c/2"],
    ["are found by a deep folder", "a/b", "a/b/c/2"],
    ["are found where they are new", "e e/f", "e/f/3"],
    ["are found where they came after somebody had asked", "g/h", "g/h/4"],
    ["are not found where they are gone", "x/y", ""],
    ["are not found by a part of a name", "a/b/c/22 g/hh", ""],
  ] as const) {
    it(it_, async () => {
      const names = await FileNames.of(["a/1", "d", "a/b/c/2", "x/y/5"]);
      names.add("e/f/3");
      names.within([]);
      names.add("g/h/4");
      names.delete("x/y/5");
      assert.equal(names.within(paths.split(" ")).join(" "), expected);
    });
  }

  for (const [platform, before, after] of [
    ["win32", "in/A in/A in/A b B  ", "in/a in/a in/a B B c c"],
    ["linux", "  in/A b B  ", "in/a    B c "],
  ] as const) {
    it(`are found in other letters' case, unless they are another's, as the disk compares them (${platform})`, async () => {
      const names = await onPlatform(platform, () => FileNames.of(["in/A", "b", "B"]));
      const found = () => ["in/a", "IN/A", "in/A", "b", "B", "c", "C"].map((name) => names.find(name) ?? "");
      assert.equal(found().join(" "), before);
      names.add("in/a");
      names.delete("in/A");
      names.delete("b");
      names.add("c");
      assert.equal(found().join(" "), after);
    });
  }

  it("tell that they have changed, and not where nothing has", async () => {
    const names = await FileNames.of(["a"]);
    const { changes } = names;
    names.add("a");
    names.delete("b");
    assert.equal(names.changes, changes);
    names.add("b");
    assert.notEqual(names.changes, changes);
  });
});

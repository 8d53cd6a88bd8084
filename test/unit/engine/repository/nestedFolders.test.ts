import assert from "node:assert/strict";
import { obeyingNested } from "../../../../src/engine/repository/nestedFolders";

const outer = { name: "repo", path: "/repo" };

/** What is not read of the outer folder. */
function excluded(
  inner: { isRead?: false; exclude?: readonly string[] },
  path = "/repo/private",
  ofAll = ["*.log"],
): readonly string[] {
  const [folder] = obeyingNested([outer, { name: "inner", path, ...inner }], ofAll);
  return folder!.exclude ?? [];
}

describe("workspace folders within others", () => {
  it("are left out of the outer one where they are not read", () => {
    assert.deepEqual(excluded({ isRead: false }), ["*.log", "/private/"]);
  });

  it("have what they leave out left out of the outer one, too", () => {
    const exclude = ["*.csv", "/data", "a/b.ts", "secret/", "# a comment", "", "!keep.csv"];
    assert.deepEqual(excluded({ exclude }), [
      "*.log",
      "/private/**/*.csv",
      "/private/data",
      "/private/a/b.ts",
      "/private/**/secret/",
    ]);
  });

  it("have left out of the outer one, too, what is left out of each folder", () => {
    const ofAll = ["*.log", "/data", "secret/", "!/data/keep.csv"];
    assert.deepEqual(excluded({}, "/repo/private", ofAll), [...ofAll, "/private/data"]);
  });

  it("have left out of the outer one what is left out of each folder, also where that one says something of its own", () => {
    const inner = { name: "inner", path: "/repo/private" };
    const [folder] = obeyingNested([{ ...outer, exclude: ["*.csv"] }, inner], ["*.log", "/data"]);
    assert.deepEqual(folder!.exclude, ["*.csv", "/private/**/*.log", "/private/data"]);
  });

  it("are found by their names, whatever signs these have", () => {
    assert.deepEqual(excluded({ isRead: false }, "/repo/a [b]*"), ["*.log", "/a \\[b\\]\\*/"]);
  });

  it("say nothing of folders beside them", () => {
    assert.deepEqual(excluded({ isRead: false }, "/repository"), []);
    assert.deepEqual(excluded({}), []);
  });
});

import assert from "node:assert/strict";
import { awaitedFirst } from "../../../../src/engine/repository/awaitedFirst";

const FILES = ["a/1", "b/1", "b/c/1", "a/2", "b/2", "d"];

describe("files that somebody waits for", () => {
  for (const [it_, awaited, expected] of [
    ["are none at first", "", "a/1 b/1 b/c/1 a/2 b/2 d"],
    ["come first, and then those beside them", "b/2", "b/2 b/1 a/1 b/c/1 a/2 d"],
    ["come once each", "b/2 b/1 a/2", "b/2 b/1 a/2 a/1 b/c/1 d"],
    ["may lie in the folder itself", "d", "d a/1 b/1 b/c/1 a/2 b/2"],
    ["need not be there: those beside them are", "a/new e/new", "a/1 a/2 b/1 b/c/1 b/2 d"],
  ] as const) {
    it(it_, () => {
      const waiting = new Set(awaited.split(" ").filter(Boolean));
      const files = FILES.map((path) => ({ path }));
      assert.equal([...awaitedFirst(files, waiting)].map(({ path }) => path).join(" "), expected);
      assert.equal(waiting.size, 0);
    });
  }

  it("are noticed on the way", () => {
    const waiting = new Set<string>();
    const found: string[] = [];
    for (const { path } of awaitedFirst(
      FILES.map((path) => ({ path })),
      waiting,
    )) {
      found.push(path);
      if (path === "b/1") waiting.add("a/2");
    }
    assert.deepEqual(found, ["a/1", "b/1", "a/2", "b/c/1", "b/2", "d"]);
  });
});

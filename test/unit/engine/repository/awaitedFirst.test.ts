import assert from "node:assert/strict";
import { awaitedFirst } from "../../../../src/engine/repository/awaitedFirst";

const FILES = ["a/1", "b/1", "b/c/1", "a/2", "b/2", "d"];
const ALL = FILES.map((path) => ({ path }));

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
      assert.equal([...awaitedFirst(ALL, { all: ALL, awaited: waiting })].map(({ path }) => path).join(" "), expected);
      assert.equal(waiting.size, 0);
    });
  }

  it("are noticed on the way", () => {
    const waiting = new Set<string>();
    const found: string[] = [];
    for (const { path } of awaitedFirst(ALL, { all: ALL, awaited: waiting })) {
      found.push(path);
      if (path === "b/1") waiting.add("a/2");
    }
    assert.deepEqual(found, ["a/1", "b/1", "a/2", "b/c/1", "b/2", "d"]);
  });

  it("may be others than are given, and are told", () => {
    const told: string[] = [];
    const found = awaitedFirst(ALL.slice(0, 4), {
      all: ALL,
      awaited: new Set(["b/2"]),
      onAwaited: (files) => told.push(...files.map(({ path }) => path)),
    });
    assert.deepEqual(
      [...found].map(({ path }) => path),
      ["b/2", "b/1", "a/1", "b/c/1", "a/2"],
    );
    assert.deepEqual(told, ["b/2", "b/1"]);
  });

  it("are looked for once, however often somebody asks", () => {
    let looks = 0;
    const all = ALL.map(({ path }) => ({
      get path() {
        looks++;
        return path;
      },
    }));
    const awaited = new Set<string>();
    const found = awaitedFirst(all, { all, awaited });
    const counts: number[] = [];
    for (let asked = 0; asked < 4; asked++) {
      awaited.add("d").add("e/new");
      found.next();
      counts.push(looks);
    }
    assert.deepEqual(counts.slice(1), counts.slice(1).fill(counts[1]!));
    assert.equal(awaited.size, 0);
  });
});

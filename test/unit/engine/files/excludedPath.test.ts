import assert from "node:assert/strict";
import { isExcludedPath } from "../../../../src/engine/files/excludedPath";
import { IgnorePatterns } from "../../../../src/engine/files/ignorePatterns";

/** Patterns, a path, and whether they exclude it. */
const CASES: readonly (readonly [patterns: readonly string[], path: string, isExcluded: boolean])[] = [
  [[], "src/a.ts", false],
  [["*.sql"], "db/dump.sql", true],
  [["*.sql"], "db/dump.sqlite", false],
  [["docs/"], "a/docs/b/c.md", true],
  [["docs/"], "a/docs", false],
  [["/docs/"], "a/docs/b.md", false],
  [["/docs/"], "docs/b.md", true],
  [["src/**/gen/*.ts"], "src/x/y/gen/a.ts", true],
  [["*.md", "!README.md"], "docs/README.md", false],
  [["docs/", "!README.md"], "docs/README.md", true],
  [["# docs/"], "docs/a.md", false],
  [["Über*"], "notes/Übersicht.md", true],
  [["*.SQL"], "dump.sql", false],
];

describe("patterns of the user's", () => {
  for (const [patterns, path, isExcluded] of CASES) {
    it(`${isExcluded ? "exclude" : "leave"} ${path}: ${patterns.join(" ")}`, () => {
      assert.equal(isExcludedPath(patterns, path, false), isExcluded);
    });
  }

  it("are compared without the case of letters where the system does so", () => {
    assert.ok(isExcludedPath(["*.SQL"], "dump.sql", true));
  });

  it("exclude everything where nobody can look through them all with each key", () => {
    assert.ok(isExcludedPath([`a${"b".repeat(20_000)}`], "c.ts"));
  });

  it("judge a path once, as long as they are the same", () => {
    const { lastMatch } = IgnorePatterns.prototype;
    const asked: string[] = [];
    IgnorePatterns.prototype.lastMatch = function (path, name, isFolder) {
      if (!isFolder) asked.push(path);
      return lastMatch.call(this, path, name, isFolder);
    };
    try {
      for (const [pattern, path, isExcluded, ignoreCase = false] of [
        ["a.*", "a.ts", true],
        ["a.*", "b.ts", false],
        ["a.*", "a.ts", true],
        ["b.*", "a.ts", false],
        ["B.*", "b.ts", false],
        ["B.*", "b.ts", true, true],
      ] as const) {
        assert.equal(isExcludedPath([pattern], path, ignoreCase), isExcluded);
      }
    } finally {
      IgnorePatterns.prototype.lastMatch = lastMatch;
    }
    assert.deepEqual(asked, ["a.ts", "b.ts", "a.ts", "b.ts", "b.ts"]);
  });
});

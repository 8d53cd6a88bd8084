import assert from "node:assert/strict";
import { rankPaths } from "../../../../src/engine/chat/findFiles";

const PATHS = ["src/router.ts", "src/routes/index.ts", "test/router.test.ts", "docs/route.md", "src/other.ts"];

function check(query: string, expected: readonly string[], limit = 10): void {
  assert.deepEqual(
    rankPaths(PATHS, (path) => path, query, limit),
    expected,
  );
}

describe("finding files", () => {
  it("puts the name's beginning before its middle, and the name before the path", () => {
    check("route", ["docs/route.md", "src/router.ts", "test/router.test.ts", "src/routes/index.ts"]);
    check("test", ["test/router.test.ts", "src/routes/index.ts"]);
    check("other", ["src/other.ts"]);
  });

  it("finds letters in their order", () => check("rtr", ["src/router.ts", "test/router.test.ts", "src/other.ts"]));

  it("does not mind case", () => check("ROUTER.TS", ["src/router.ts", "test/router.test.ts"]));

  it("offers short paths when nothing is typed yet, and no more than are wanted", () =>
    check("", ["src/other.ts", "docs/route.md"], 2));

  it("finds nothing where nothing fits", () => check("xyz", []));
});

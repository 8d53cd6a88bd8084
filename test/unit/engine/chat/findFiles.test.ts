import assert from "node:assert/strict";
import { findFiles } from "../../../../src/engine/chat/findFiles";
import type { ReadableFolder } from "../../../../src/engine/repository/readableFolder";

const PATHS = ["src/router.ts", "src/routes/index.ts", "test/router.test.ts", "docs/route.md", "src/other.ts"];

function folderOf(name: string, paths: readonly string[]): ReadableFolder {
  return { name, path: `/work/${name}`, paths: () => paths } as Partial<ReadableFolder> as ReadableFolder;
}

function check(query: string, expected: readonly string[], limit = 10): void {
  const found = findFiles(query, limit, [folderOf("app", PATHS)]);
  assert.deepEqual(
    found,
    expected.map((path) => ({ folder: "/work/app", path, name: path })),
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

  it("names the folder where there are several, and finds by it", () => {
    const folders = [folderOf("app", ["main.ts"]), folderOf("library", ["main.ts"])];
    const file = { folder: "/work/library", path: "main.ts", name: "library/main.ts" };
    assert.deepEqual(findFiles("library/m", 10, folders), [file]);
  });
});

import assert from "node:assert/strict";
import { findFiles } from "../../../../src/engine/chat/findFiles";
import type { ReadableFolder } from "../../../../src/engine/repository/readableFolder";

const PATHS = ["src/router.ts", "src/routes/index.ts", "test/router.test.ts", "docs/route.md", "src/other.ts"];

function folderOf(name: string, paths: readonly string[]): ReadableFolder {
  return { name, path: `/work/${name}`, paths: () => paths } as Partial<ReadableFolder> as ReadableFolder;
}

async function check(query: string, expected: readonly string[], limit = 10): Promise<void> {
  const found = await findFiles(query, limit, [folderOf("app", PATHS)]);
  assert.deepEqual(
    found,
    expected.map((path) => ({ folder: "/work/app", path, name: path })),
  );
}

describe("finding files", () => {
  it("puts the name's beginning before its middle, and the name before the path", async () => {
    await check("route", ["docs/route.md", "src/router.ts", "test/router.test.ts", "src/routes/index.ts"]);
    await check("test", ["test/router.test.ts"]);
    await check("other", ["src/other.ts"]);
  });

  it("finds letters in their order, where no path holds them side by side", async () => {
    await check("rtr", ["src/router.ts", "test/router.test.ts", "src/other.ts"]);
    await check("routr", ["src/router.ts", "test/router.test.ts"]);
    await check("rou", ["docs/route.md", "src/router.ts", "test/router.test.ts", "src/routes/index.ts"]);
  });

  it("does not mind case", () => check("ROUTER.TS", ["src/router.ts"]));

  it("offers short paths when nothing is typed yet, and no more than are wanted", () =>
    check("", ["src/other.ts", "docs/route.md"], 2));

  it("lets others have their turn while it looks through very many", async () => {
    const paths = function* () {
      for (let file = 0; file < 300_000; file++) yield `src/some/folder/of/many/file${file}.ts`;
      yield "src/last.ts";
    };
    const folder = { ...folderOf("app", []), paths };
    let turns = 0;
    const turn = setInterval(() => turns++);
    const found = await findFiles("s", 1, [folder]);
    clearInterval(turn);
    assert.deepEqual(
      found.map(({ path }) => path),
      ["src/last.ts"],
    );
    assert.ok(turns > 1, String(turns));
  });

  it("finds nothing where nothing fits", () => check("xyz", []));

  it("names the folder where there are several, and finds by it", async () => {
    const folders = [folderOf("app", ["main.ts"]), folderOf("library", ["main.ts"])];
    const file = { folder: "/work/library", path: "main.ts", name: "library/main.ts" };
    assert.deepEqual(await findFiles("library/m", 10, folders), [file]);
  });
});
